package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Why an installer did not do it is what it says, not its last line.
class InstallerErrorLineTest {

    @Test
    void npmPrintsTheReasonBeforeThePathOfItsLog() {
        assertThat(InstallerErrorLine.of("""
            npm error code ETARGET
            npm error notarget No matching version found for node-fetch@cjs.
            npm error notarget In most cases you or one of your dependencies are requesting
            npm error notarget a package version that doesn't exist.
            npm error A complete log of this run can be found in: /home/ada/.npm/_logs/debug-0.log
            """)).contains("No matching version found for node-fetch@cjs.");
        assertThat(InstallerErrorLine.of("""
            npm ERR! code EACCES
            npm ERR! syscall mkdir
            npm ERR! path /usr/lib/node_modules/x
            npm ERR! errno -13
            npm ERR! Error: EACCES: permission denied, mkdir '/usr/lib/node_modules/x'

            npm ERR! A complete log of this run can be found in:
            npm ERR!     /home/ada/.npm/_logs/debug-0.log
            """))
                .contains("Error: EACCES: permission denied, mkdir '/usr/lib/node_modules/x'");
        assertThat(InstallerErrorLine.of("""
            npm error code ENOTFOUND
            npm error network request to https://registry.example/x failed, reason: getaddrinfo ENOTFOUND
            npm error network This is a problem related to network connectivity.
            """))
                .contains("request to https://registry.example/x failed, reason: getaddrinfo ENOTFOUND");
    }

    @Test
    void pipPrintsTheReasonBeforeItsNotice() {
        assertThat(InstallerErrorLine.of("""
            Looking in links: /opt/wheels
            ERROR: Could not find a version that satisfies the requirement clock==9 (from versions: none)
            ERROR: No matching distribution found for clock==9

            [notice] A new release of pip is available: 23.0 -> 26.0
            """)).contains("ERROR: No matching distribution found for clock==9");
    }

    @Test
    void otherwiseTheReasonIsTheLastLineWithoutEscapeSequences() {
        assertThat(InstallerErrorLine.of("one\n\u001B[31mtwo\u0007\n\n")).contains("[31mtwo");
        assertThat(InstallerErrorLine.of("\n")).isEmpty();
    }
}
