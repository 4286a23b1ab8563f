package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.TlsServer;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.tool.Manifest.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Certificates that keytool made, shown by a server that serves them.
class CertificateCheckTest {

    private final ThrowAwayHome home = ThrowAwayHome.make();
    private TlsServer server;
    private X509Certificate shown;

    @BeforeEach
    void serve() throws Exception {
        server = TlsServer.start(home, 40, "here");
        shown = new Probe(Duration.ofSeconds(10)).certificate(endpoint()).orElseThrow();
    }

    @AfterEach
    void stop() {
        server.close();
        home.close();
    }

    @Test
    void theOneThatIsShownIsJudgedWhereNoFileIsNamed() {
        assertThat(atDaysBeforeItsEnd(35, Optional.empty()).severity()).isEqualTo(Severity.OK);
        assertThat(atDaysBeforeItsEnd(20, Optional.empty()).severity()).isEqualTo(Severity.INFO);
        assertThat(atDaysBeforeItsEnd(5, Optional.empty()).title()).startsWith("Certificate expires in ");
        assertThat(atDaysBeforeItsEnd(5, Optional.empty()).severity()).isEqualTo(Severity.WARNING);
        assertThat(atDaysBeforeItsEnd(0, Optional.empty()).severity()).isEqualTo(Severity.FAILURE);
    }

    /// The end in Kiribati is a day later on the calendar than in Los Angeles, and so are the days until then.
    @Test
    void itsDaysAreThoseOfTheReadersCalendar() {
        Instant end = shown.getNotAfter().toInstant();
        for (String name : List.of("Pacific/Kiritimati", "America/Los_Angeles")) {
            ZoneId zone = ZoneId.of(name);
            LocalDate last = end.atZone(zone).toLocalDate();
            for (int hour : List.of(1, 23)) {
                Instant now = last.minusDays(5).atTime(hour, 0).atZone(zone).toInstant();
                Finding finding = new Case(home.path())
                        .with(c -> {
                            c.url = server.url().toString();
                            c.shown = Optional.of(shown);
                            c.now = now;
                            c.zone = zone;
                        })
                        .finding("certificate")
                        .orElseThrow();
                assertThat(finding.title())
                        .as("at %d:00 in %s", hour, name)
                        .isEqualTo("Certificate expires in 5 days (%s)"
                                .formatted(DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH)
                                        .format(last)));
            }
        }
    }

    @Test
    void aFileThatWasRenewedDoesNotCountUntilItIsShown() throws Exception {
        try (TlsServer renewed = TlsServer.start(home, 90, "renewed")) {
            Finding finding = atDaysBeforeItsEnd(35, Optional.of(renewed));
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.title()).isEqualTo("Still using the previous certificate");
            assertThat(finding.remedies()).first().isInstanceOf(Remedy.Action.class);
        }
        assertThat(atDaysBeforeItsEnd(35, Optional.of(server)).severity()).isEqualTo(Severity.OK);
    }

    @Test
    void aNewFileIsNoComfortWhileTheOneThatIsShownHasEnded() throws Exception {
        try (TlsServer renewed = TlsServer.start(home, 90, "renewed")) {
            Finding finding = atDaysBeforeItsEnd(-1, Optional.of(renewed));
            assertThat(finding.severity()).isEqualTo(Severity.FAILURE);
            assertThat(finding.title()).startsWith("Still using the certificate that expired on ");
            assertThat(finding.remedies()).first().isInstanceOf(Remedy.Action.class);
        }
    }

    @Test
    void theKeyMayStandBeforeTheCertificateInItsFile() throws Exception {
        Path both = home.resolve("both.pem");
        Files.writeString(
                both,
                "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"
                        + Files.readString(server.certificate()));
        Case tool = new Case(home.path()).with(c -> {
            c.certificate = Optional.of(both);
            c.now = shown.getNotAfter().toInstant().plusSeconds(86_400);
        });
        assertThat(tool.finding("certificate").orElseThrow().title()).startsWith("Certificate expired on ");
    }

    /// A program can be given more certificates than its own.
    @Test
    void itsCertificateIsTheOneThatItsOptionSays() throws Exception {
        try (TlsServer trusted = TlsServer.start(home, 90, "trusted")) {
            String ca = trusted.certificate().toString();
            String own = server.certificate().toString();
            for (List<String> arguments : List.of(
                    List.of("serve", "--ca", ca, "--cert", own),
                    List.of("serve", "--ssl-ca-certs=" + ca, "--ssl-certfile=" + own, "--ssl-keyfile=" + ca),
                    List.of("serve", "--client-ca", ca, own))) {
                Finding finding = given(arguments).orElseThrow();
                assertThat(finding.severity()).as(arguments.toString()).isEqualTo(Severity.OK);
                assertThat(finding.evidence().getFirst().source())
                        .endsWith(String.valueOf(server.certificate().getFileName()));
            }
            assertThat(given(List.of("serve", ca, own))
                            .orElseThrow()
                            .evidence()
                            .getFirst()
                            .source())
                    .as("which of the two it is, nothing says: the one that is shown counts")
                    .isEqualTo(server.url().toString());
        }
    }

    private Optional<Finding> given(List<String> arguments) {
        return new Case(home.path())
                .with(c -> {
                    c.url = server.url().toString();
                    c.shown = Optional.of(shown);
                    c.arguments = arguments;
                    c.now = shown.getNotAfter().toInstant().minus(Duration.ofDays(35));
                })
                .finding("certificate");
    }

    @Test
    void aPlainServerShowsNone() {
        assertThat(new Probe(Duration.ofSeconds(2))
                        .certificate(new Endpoint(
                                "http://127.0.0.1:" + server.url().getPort() + "/",
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                5)))
                .isEmpty();
    }

    private Finding atDaysBeforeItsEnd(int days, Optional<TlsServer> file) {
        Instant end = shown.getNotAfter().toInstant();
        return new Case(home.path())
                .with(c -> {
                    c.url = server.url().toString();
                    c.shown = Optional.of(shown);
                    c.certificate = file.map(TlsServer::certificate);
                    c.now = end.minus(Duration.ofDays(days)).plusSeconds(60);
                })
                .finding("certificate")
                .orElseThrow();
    }

    private Endpoint endpoint() {
        return new Endpoint(server.url().toString(), List.of(), Optional.empty(), Optional.empty(), false, 5);
    }
}
