package io.github.lamplighter.platform.launchd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.readiness.ListeningSockets;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LsofListenersTest {

    /// The form of macOS 14 (lsof 4.91).
    @Test
    void processesAndTheirSocketsAreRead() {
        assertThat(LsofListeners.parse("p977\ncnode\nu501\nf21\ntIPv6\nn*:8080\nf22\ntIPv4\nn127.0.0.1:8088\n"
                        + "p978\ncPython\nu501\nf3\ntIPv6\nn[::1]:8088\nf4\ntIPv4\nn*:5000\nx\n"))
                .extracting(Listener::address, Listener::port, Listener::pid, Listener::userId)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("0:0:0:0:0:0:0:0", 8080, Optional.of(977L), 501L),
                        org.assertj.core.groups.Tuple.tuple("127.0.0.1", 8088, Optional.of(977L), 501L),
                        org.assertj.core.groups.Tuple.tuple("0:0:0:0:0:0:0:1", 8088, Optional.of(978L), 501L),
                        org.assertj.core.groups.Tuple.tuple("0.0.0.0", 5000, Optional.of(978L), 501L));
        assertThat(LsofListeners.parse("p\nn\nnnowhere\n")).isEmpty();
    }

    @Test
    void theRealProgramFindsThisProcess() throws IOException {
        LocalProcessRunner programs = new LocalProcessRunner(System.getenv());
        assumeTrue(programs.find("lsof").isPresent(), "needs lsof");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            for (ListeningSockets listeningSockets :
                    List.of(new LsofListeners(programs), new LsofListeners(programs).snapshot())) {
                assertThat(listeningSockets.on(socket.getLocalPort()))
                        .singleElement()
                        .returns(Optional.of(ProcessHandle.current().pid()), Listener::pid)
                        .returns("127.0.0.1", Listener::address);
            }
        }
    }
}
