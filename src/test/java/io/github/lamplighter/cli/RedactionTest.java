package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Remedy;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportBuilder;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.Manifest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What goes out with a bug report tells nothing of who wrote it.
class RedactionTest {

    private final Redaction redaction =
            new Redaction("/home/ada", List.of("ada", "Ada Lovelace"), "ada-pc.example.org");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        /home/ada/.config/x: there is no such file | ~/.config/x: there is no such file
        /home/adam/.config                         | /home/USER/.config
        lingering is off for ada                   | lingering is off for USER
        the canada branch of adapter               | the canada branch of adapter
        ADA-PC answers                             | HOST answers
        ada-pc.example.org:8088                    | HOST:8088
        https://ada:pw@git.example.org/x.git       | https://HOST/x.git
        listens on 192.168.1.7                     | listens on ADDRESS
        listens on 127.0.0.1 and 0.0.0.0           | listens on 127.0.0.1 and 0.0.0.0
        Version 14.1.0.2 is installed              | Version 14.1.0.2 is installed
        version 14.1.0 is installed                | version 14.1.0 is installed
        Authorization: Bearer abcdefghijkl         | Authorization: Bearer SECRET
        //registry/:_authToken=npm-secret-1        | //registry/:_authToken=SECRET
        MUXPLEX_PASSWORD=hunter2                   | MUXPLEX_PASSWORD=SECRET
        "api_key": "hunter2"                       | "api_key": "SECRET"
        ghp_0123456789abcdefghijABCDEFGHIJ         | SECRET
        written by ada.l@example.org               | written by E-MAIL
        muxplex.tail1234.ts.net                    | HOST
        ada-pc.corp.example.org is up              | HOST is up
        /home/bob/.npmrc and /Users/bob/x          | /home/USER/.npmrc and /Users/USER/x
        lamplighter-ada.service, ada_notes         | lamplighter-USER.service, USER_notes
        by Ada Lovelace                            | by USER
        file:///home/ada/x/y.git                   | file://~/x/y.git
        git+ssh://git@git.firm.example/t/x.git     | git+ssh://HOST/t/x.git
        git@git.firm.example:team/x.git            | E-MAIL:team/x.git
        https://github.com/x/muxplex               | https://github.com/x/muxplex
        http://127.0.0.1:8088/ http://[::1]:8088/  | http://127.0.0.1:8088/ http://[::1]:8088/
        http://nas:8088/                           | http://HOST:8088/
        issued for mux.lovelace.dev                | issued for HOST
        listens on fe80::1c2d:3e4f%eth0 at 12:30:45 | listens on ADDRESS at 12:30:45
        card 52:54:00:ab:cd:ef                     | card ADDRESS
        settings.json:12:3, package.json, cli.js   | settings.json:12:3, package.json, cli.js
        lamplighter-x.service of systemd           | lamplighter-x.service of systemd
        io.github.lamplighter.doctor.timer         | io.github.lamplighter.doctor.timer
        serve --password hunter2 --port 1          | serve --password SECRET --port 1
        https://x.example/a?key=abcdef&n=1         | https://HOST/a?key=SECRET&n=1
        Set-Cookie: session-abc                    | Set-Cookie: SECRET
        """)
    void removes(String text, String clean) {
        assertThat(redaction.of(text)).isEqualTo(clean);
    }

    @Test
    void aNameMatchesInAnyUnicodeForm() {
        assertThat(new Redaction("/home/jürgen", List.of("jürgen"), "")
                        .of("ju\u0308rgen file:///home/j%C3%BCrgen/x /home/jürgen"))
                .isEqualTo("USER file://~/x ~");
    }

    @Test
    void aSourceMarksItsDetailAsASecretInHtmlToo() {
        Instant now = Instant.parse("2026-11-24T10:00:00Z");
        Report report = new ReportBuilder("mux", Manifest.Expected.RUNNING, now)
                .findings(new Finding(
                        "settings",
                        Group.SETTINGS_AND_ACCESS,
                        Severity.FAILURE,
                        "Nobody lets ada in",
                        Optional.of("It says \"api_key\": \"hunter&2\""),
                        List.of(new Evidence("MUX_PASSWORD", "hunter2"), new Evidence("/home/ada/x", "ada-pc")),
                        List.of(new Remedy.CopyCommand("mux --token 'hunter3'", "Ask ada")),
                        now,
                        now,
                        false,
                        1))
                .build();
        String page =
                new ReportHtml(ZoneOffset.UTC, now).page(List.of(), List.of(), List.of(redaction.of(report)), Map.of());
        assertThat(page).contains("MUX_PASSWORD", "SECRET", "~/x", "USER").doesNotContain("hunter", "ada");
    }

    @Test
    void aKeyOfSeveralLinesIsRemovedAsAWhole() {
        assertThat(redaction.of("a\n-----BEGIN RSA PRIVATE KEY-----\nabc\ndef\n-----END RSA PRIVATE KEY-----\nb"))
                .isEqualTo("a\nSECRET\nb");
    }

    @Test
    void aMachineMayHaveNoName() {
        assertThat(new Redaction("/root", List.of(), "").of("root on localhost, /root/x"))
                .isEqualTo("root on localhost, ~/x");
    }
}
