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
    void pipPrintsTheReasonOfAnotherProgramBeforeItsOwn() {
        assertThat(InstallerErrorLine.of("""
              Running command git clone --filter=blob:none --quiet https://git.example/clock /tmp/pip-install-1/clock
              fatal: unable to access 'https://git.example/clock/': Could not resolve host: git.example
              error: subprocess-exited-with-error

              × git clone --filter=blob:none --quiet https://git.example/clock /tmp/pip-install-1/clock did not run successfully.
              │ exit code: 128
              ╰─> See above for output.

              note: This error originates from a subprocess, and is likely not a problem with pip.
            error: subprocess-exited-with-error

            × git clone --filter=blob:none --quiet https://git.example/clock /tmp/pip-install-1/clock did not run successfully.
            │ exit code: 128
            ╰─> See above for output.

            note: This error originates from a subprocess, and is likely not a problem with pip.
            """))
                .contains("git clone failed: fatal: unable to access 'https://git.example/clock/':"
                        + " Could not resolve host: git.example");
        assertThat(InstallerErrorLine.of("""
              error: subprocess-exited-with-error

              × Building wheel for clock (pyproject.toml) did not run successfully.
              │ exit code: 1
              ╰─> [2 lines of output]
                  building 'clock' extension
                  error: command 'gcc' failed: No such file or directory
                  [end of output]

              note: This error originates from a subprocess, and is likely not a problem with pip.
            """))
                .contains("Building wheel for clock (pyproject.toml) failed:"
                        + " error: command 'gcc' failed: No such file or directory");
        assertThat(InstallerErrorLine.of("""
              Running command git clone --quiet https://git.example/clock /tmp/pip-install-1/clock
              error: subprocess-exited-with-error

              × git clone --quiet https://git.example/clock /tmp/pip-install-1/clock did not run successfully.
              │ exit code: -25
              ╰─> See above for output.
            """)).contains("git clone failed");
    }

    @Test
    void uvPrintsCausesOfSeveralLines() {
        String because =
                "Because the current Python version (3.11.2) does not satisfy Python>=3.12 and mitmproxy==12.3.1"
                        + " depends on Python>=3.12, we can conclude that mitmproxy==12.3.1 cannot be used.";
        String all = "No solution found when resolving dependencies: " + because
                + " And because you require mitmproxy==12.3.1, we can conclude that your requirements are"
                + " unsatisfiable.";
        assertThat(InstallerErrorLine.of("""
            error: No solution found when resolving dependencies
              cause: %s
                     And because you require mitmproxy==12.3.1, we can conclude that your requirements are unsatisfiable.
            """.formatted(because))).contains(all);
        assertThat(InstallerErrorLine.of("""
              × No solution found when resolving dependencies:
              ╰─▶ %s
                  And because you require mitmproxy==12.3.1, we can conclude that your requirements are unsatisfiable.

                  hint: `mitmproxy` was found
            """.formatted(because))).contains(all);
        assertThat(InstallerErrorLine.of("""
            error: Request failed after 3 retries in 6.7s
              cause: Failed to fetch: https://pypi.example/simple/pypiserver/
              cause: error sending request for url
              cause: Connection refused (os error 111)
            """))
                .contains("Request failed after 3 retries in 6.7s: Failed to fetch:"
                        + " https://pypi.example/simple/pypiserver/: Connection refused (os error 111)");
        assertThat(InstallerErrorLine.of("""
            Fatal error from uv prevented installation. Full uv output in file:
                /home/ada/.local/state/pipx/log/cmd.log

            Some possibly relevant errors from uv install:
                error: No solution found when resolving dependencies
                  cause: Because there is no version of clock==99, your requirements are unsatisfiable.
            Error installing clock.
            """))
                .contains(
                        "No solution found when resolving dependencies: Because there is no version of clock==99, your"
                                + " requirements are unsatisfiable.");
    }

    @Test
    void otherwiseTheReasonIsTheLastLineWithoutEscapeSequences() {
        assertThat(InstallerErrorLine.of("one\n\u001B[31mtwo\u0007\n\n")).contains("[31mtwo");
        assertThat(InstallerErrorLine.of("\n")).isEmpty();
    }
}
