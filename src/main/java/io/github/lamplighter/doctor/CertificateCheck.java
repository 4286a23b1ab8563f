package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.readiness.Answering;
import io.github.lamplighter.tool.Manifest.Endpoint;
import io.github.lamplighter.tool.Manifest.Service;
import io.github.lamplighter.tool.Manifest.Tls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Until when a tool's certificate is good: the one in its file, and the one that it shows to those who
/// connect, which stays the old one until the tool reads the file again.
final class CertificateCheck {

    private static final Pattern CERTIFICATE = Pattern.compile("(?i).*\\.(?:pem|crt|cer)");

    /// `--cert`, `--tls-crt`, `--ssl_certfile`, `-cert`.
    private static final Pattern OWN_OPTION = Pattern.compile("(?i)cert|crt");

    /// `--ca`, `--cacert`, `--ssl-ca-certs`, `--client-ca`, `--key`, `--dhparam`, `--trusted-certs`.
    private static final Pattern OTHERS_OPTION =
            Pattern.compile("(?i)(?:^|[-_.])(?:ca|cas|cacerts?|cafile|dh.*|crl|root|client|trust.*)(?:$|[-_.])|key");

    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----.*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----",
            Pattern.DOTALL);

    private static final int LARGEST = 1024 * 1024;

    private static final Pattern TAILNET = Pattern.compile("[a-z0-9-]+(?:\\.[a-z0-9-]+)+\\.ts\\.net");

    private CertificateCheck() {}

    static Optional<Result> ask(Subject subject) {
        if (!subject.isService()) {
            return Optional.empty();
        }
        Optional<X509Certificate> shown = shown(subject);
        Optional<Path> file = file(subject);
        if (file.isEmpty()) {
            return shown.map(certificate -> expiry(subject, certificate, address(subject), false))
                    .or(() -> unseen(subject));
        }
        String name = subject.display(file.get());
        if (Files.notExists(file.get())) {
            return Result.of(Severity.FAILURE, "certificate.gone")
                    .proof(name, "there is no such file")
                    .remedy(new Remedy.Open(
                            String.valueOf(file.get().getParent()), Messages.text("remedy.open-folder")))
                    .found();
        }
        if (!Files.isReadable(file.get())) {
            return Result.of(Severity.UNKNOWN, "certificate.unknown")
                    .proof(name, "it may not be read by you")
                    .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                    .found();
        }
        Optional<X509Certificate> kept = read(file.get());
        if (kept.isEmpty()) {
            return Result.of(Severity.WARNING, "certificate.unreadable")
                    .proof(name, "it holds no certificate that can be read")
                    .remedy(new Remedy.Open(file.get().toString(), Messages.text("remedy.open")))
                    .found();
        }
        boolean old = shown.isPresent() && !shown.equals(kept);
        if (old) {
            boolean over = shown.get()
                    .getNotAfter()
                    .toInstant()
                    .isBefore(subject.around().clock().instant());
            Result result = over
                    ? Result.of(
                            Severity.FAILURE,
                            "certificate.old-over",
                            day(subject, shown.get().getNotAfter()))
                    : Result.of(Severity.WARNING, "certificate.old");
            return result.proof(name, "good until " + day(subject, kept.get().getNotAfter()))
                    .proof(
                            address(subject),
                            "shows one that is good until "
                                    + day(subject, shown.get().getNotAfter()))
                    .action(subject, "remedy.restart", "restart")
                    .found();
        }
        return expiry(subject, kept.get(), name, true).found();
    }

    /// 30 days ahead it is said, 7 days ahead it asks for attention, from the last day on it is broken.
    private static Result expiry(Subject subject, X509Certificate certificate, String source, boolean isFile) {
        Instant now = subject.around().clock().instant();
        Instant end = certificate.getNotAfter().toInstant();
        ZoneId zone = subject.around().zone().get();
        Duration left = Duration.between(now, end);
        String day = day(subject, certificate.getNotAfter());
        String issuer = "issued by " + certificate.getIssuerX500Principal().getName();
        // Days as the reader's calendar has them; how grave it is goes by the time that is left.
        long days = ChronoUnit.DAYS.between(
                now.atZone(zone).toLocalDate(), end.atZone(zone).toLocalDate());
        String when = days == 1 ? "certificate.day" : "certificate.soon";
        Result result;
        if (certificate.getNotBefore().toInstant().isAfter(now)) {
            result = Result.of(Severity.FAILURE, "certificate.not-yet", day(subject, certificate.getNotBefore()));
        } else if (left.isNegative()) {
            result = Result.of(Severity.FAILURE, "certificate.over", day);
        } else if (left.toDays() < 1) {
            result = Result.of(Severity.FAILURE, "certificate.today", day);
        } else if (left.toDays() < 7) {
            result = Result.of(Severity.WARNING, when, days, day);
        } else if (left.toDays() < 30) {
            result = Result.of(Severity.INFO, when, days, day);
        } else {
            return Result.of(Severity.OK, "certificate.well", day).proof(source, issuer);
        }
        Result told = result.proof(source, issuer);
        String look = isFile
                ? Command.of(
                                Duration.ZERO,
                                "openssl",
                                "x509",
                                "-noout",
                                "-enddate",
                                "-subject",
                                "-in",
                                file(subject).map(Path::toString).orElse(source))
                        .line()
                : "openssl s_client -connect %s </dev/null | openssl x509 -noout -enddate -subject"
                        .formatted(authority(subject));
        return renewal(subject, certificate)
                .map(command -> told.remedy(new Remedy.CopyCommand(command, Messages.text("remedy.renew"))))
                .orElse(told)
                .remedy(new Remedy.CopyCommand(look, Messages.text("remedy.certificate")));
    }

    /// With what it was made, where that is sure: by Tailscale for a name of a tailnet, by certbot in its own
    /// folder.
    private static Optional<String> renewal(Subject subject, X509Certificate certificate) {
        return names(certificate).stream()
                .filter(name -> TAILNET.matcher(name).matches())
                .findFirst()
                .map(name -> "tailscale cert " + name)
                .or(() -> file(subject)
                        .filter(file -> file.startsWith("/etc/letsencrypt/live"))
                        .map(file -> Command.of(
                                        Duration.ZERO,
                                        "sudo",
                                        "certbot",
                                        "renew",
                                        "--cert-name",
                                        String.valueOf(file.resolveSibling("").getFileName()))
                                .line()));
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            return Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of()).stream()
                    .map(entry -> String.valueOf(entry.get(1)))
                    .toList();
        } catch (CertificateException _) {
            return List.of();
        }
    }

    /// It answers over TLS, and yet no certificate was seen.
    private static Optional<Result> unseen(Subject subject) {
        return secure(subject)
                .filter(_ -> subject.answering()
                        .filter(Answering.Yes.class::isInstance)
                        .isPresent())
                .map(endpoint -> Result.of(Severity.UNKNOWN, "certificate.unknown")
                        .proof(endpoint.url(), "it showed none within the time")
                        .remedy(new Remedy.Wait(Messages.text("remedy.wait"))));
    }

    private static Optional<Endpoint> secure(Subject subject) {
        return subject.endpoint()
                .filter(endpoint -> endpoint.url().startsWith("https:"))
                .filter(_ -> subject.hasProcess());
    }

    private static Optional<X509Certificate> shown(Subject subject) {
        return secure(subject).flatMap(subject.around().endpoints()::certificate);
    }

    /// The first certificate of a file: what else stands in a PEM file, such as the key, stands before or after it
    /// (RFC 7468).
    private static Optional<X509Certificate> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] all = in.readNBytes(LARGEST);
            Matcher block = BLOCK.matcher(new String(all, StandardCharsets.ISO_8859_1));
            byte[] first = block.find() ? block.group().getBytes(StandardCharsets.ISO_8859_1) : all;
            return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(first))
                            instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (IOException | CertificateException _) {
            return Optional.empty();
        }
    }

    private static String day(Subject subject, Date at) {
        return When.day(at.toInstant(), subject.around().zone().get());
    }

    private static String address(Subject subject) {
        return subject.endpoint().orElseThrow().url();
    }

    private static String authority(Subject subject) {
        String rest = address(subject).substring("https://".length()).split("/", 2)[0];
        return rest.contains(":") ? rest : rest + ":443";
    }

    /// The manifest's; else the one that the service's own arguments name.
    private static Optional<Path> file(Subject subject) {
        return subject.manifest().tls().map(Tls::certificate).or(() -> named(subject));
    }

    /// By its option, since a program can be given more certificates than its own: those that it trusts, a
    /// client's. Where nothing says which of several it is, none is taken for it.
    private static Optional<Path> named(Subject subject) {
        Path home = subject.around().places().home();
        List<String> arguments =
                subject.manifest().service().map(Service::arguments).orElse(List.of());
        Path directory = subject.manifest()
                .service()
                .flatMap(Service::workingDirectory)
                .or(() -> LoginChecks.workingDirectory(subject))
                .orElse(home);
        List<Path> said = new ArrayList<>();
        List<Path> others = new ArrayList<>();
        String before = "";
        for (String argument : arguments) {
            boolean whole = argument.startsWith("-") && argument.contains("=");
            String option = whole ? argument.substring(0, argument.indexOf('=')) : before;
            String value = whole ? argument.substring(argument.indexOf('=') + 1) : argument;
            before = argument.startsWith("-") && !whole ? argument : "";
            Path file = value.startsWith("~/") ? home.resolve(value.substring(2)) : directory.resolve(value);
            if (!CERTIFICATE.matcher(value).matches() || !Files.exists(file)) {
                continue;
            }
            if (OTHERS_OPTION.matcher(option).find()) {
                continue;
            }
            boolean key = option.isEmpty()
                    && String.valueOf(file.getFileName())
                            .toLowerCase(Locale.ROOT)
                            .contains("key");
            if (!key) {
                (OWN_OPTION.matcher(option).find() ? said : others).add(file);
            }
        }
        List<Path> candidates = said.isEmpty() ? others : said;
        return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
    }
}
