package io.github.lamplighter.platform.launchd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.ServiceState.Phase;
import org.junit.jupiter.api.Test;

/// Texts of real Macs, as bug reports show them.
class LaunchctlPrintTest {

    @Test
    void aRunningAgentIsReadAndNestedBlocksAreNot() {
        LaunchctlPrint job = LaunchctlPrint.of("""
            gui/501/com.example.chat = {
            	active count = 1
            	path = /Users/tester/Library/LaunchAgents/com.example.chat.plist
            	type = LaunchAgent
            	state = running

            	program = /Applications/x.app/Contents/Helpers/chat
            	arguments = {
            		/Applications/x.app/Contents/Helpers/chat
            		pid = 1
            	}

            	environment = {
            		PORT => 11002
            	}

            	domain = gui/501 [100057]
            	minimum runtime = 10
            	exit timeout = 5
            	runs = 103
            	pid = 17594
            	immediate reason = inefficient
            	checked allocations = 0 (queried = 1)
            	last terminating signal = Terminated: 15

            	resource coalition = {
            		ID = 9196
            		state = active
            	}

            	properties = keepalive | runatload | inferred program
            }
            """);
        assertThat(job.phase()).isEqualTo(Phase.RUNNING);
        assertThat(job.pid()).contains(17594L);
        assertThat(job.runs()).isEqualTo(103);
        assertThat(job.lastExit().map(LastExit::words)).contains("killed by SIGTERM");
        assertThat(job.exitTimeout().orElseThrow().toSeconds()).isEqualTo(5);
        assertThat(job.path().orElseThrow()).hasFileName("com.example.chat.plist");
    }

    @Test
    void eachStateHasItsPhase() {
        assertThat(phase("state = spawn scheduled", "runs = 2", "last exit code = 1"))
                .isEqualTo(Phase.RESTARTING);
        assertThat(phase("state = spawn scheduled", "runs = 54", "last exit code = 78: EX_CONFIG"))
                .isEqualTo(Phase.RESTARTING);
        assertThat(phase(
                        "state = spawn scheduled",
                        "last exit reason = OS_REASON_EXEC | Error -413 \"No matching profile found\"",
                        "last exit code = (never exited)"))
                .isEqualTo(Phase.RESTARTING);
        assertThat(phase("state = spawn scheduled", "last exit code = (never exited)"))
                .isEqualTo(Phase.STARTING);
        assertThat(phase("state = not running", "last exit code = 0")).isEqualTo(Phase.STOPPED);
        assertThat(phase("state = not running", "last exit code = (never exited)"))
                .isEqualTo(Phase.STOPPED);
        assertThat(phase("state = not running", "last exit code = 3")).isEqualTo(Phase.FAILED);
        assertThat(phase("state = SIGTERMed", "pid = 12")).isEqualTo(Phase.RUNNING);
        assertThat(phase("state = something new")).isEqualTo(Phase.UNKNOWN);
        assertThat(job("state = something new").words()).isEqualTo("something new");
        assertThat(job("state = not running").words()).isEqualTo("loaded, not running");
    }

    @Test
    void anOldListingHasRawWaitStatuses() {
        String text = "{\n\t\"Label\" = \"x\";\n\t\"OnDemand\" = false;\n\t\"LastExitStatus\" = %s;\n%s};\n";
        assertThat(LaunchctlPrint.ofDictionary(text.formatted("19968", ""))
                        .lastExit()
                        .map(LastExit::words))
                .contains("exit status 78");
        assertThat(LaunchctlPrint.ofDictionary(text.formatted("15", ""))
                        .lastExit()
                        .map(LastExit::words))
                .contains("killed by SIGTERM");
        LaunchctlPrint running = LaunchctlPrint.ofDictionary(text.formatted("0", "\t\"PID\" = 32396;\n"));
        assertThat(running.phase()).isEqualTo(Phase.RUNNING);
        assertThat(running.pid()).contains(32396L);
    }

    @Test
    void aSwitchIsReadInEverySystemsWords() {
        String now = "\n"
                + "\tdisabled services = {\n"
                + "\t\t\"a\" => enabled\n"
                + "\t\t\"b\" => disabled\n"
                + "\t}\n\n"
                + "\tlogin item associations = {\n"
                + "\t\t\"c\" => disabled\n"
                + "\t}\n";
        assertThat(Launchctl.override("a", now)).contains(true);
        assertThat(Launchctl.override("b", now)).contains(false);
        assertThat(Launchctl.override("c", now)).isEmpty();
        String unindented = "disabled services = {\n\t\t\"b\" => disabled\n\t}\nlogin item associations = {\n\t}\n";
        assertThat(Launchctl.override("b", unindented)).contains(false);
        String old = "disabled services = {\n\t\"a\" => false\n\t\"b\" => true\n}\n";
        assertThat(Launchctl.override("a", old)).contains(true);
        assertThat(Launchctl.override("b", old)).contains(false);
        assertThat(Launchctl.override("b", "disabled services = (no disabled services)\n"))
                .isEmpty();
    }

    private static Phase phase(String... lines) {
        return job(lines).phase();
    }

    private static LaunchctlPrint job(String... lines) {
        return LaunchctlPrint.of("gui/501/x = {\n\t" + String.join("\n\t", lines) + "\n}\n");
    }
}
