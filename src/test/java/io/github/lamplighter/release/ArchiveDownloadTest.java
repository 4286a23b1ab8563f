package io.github.lamplighter.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.lamplighter.release.ArchiveDownload.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveDownloadTest {

    private static final int SIZE = 3_000_000;

    private final FeedServer server = new FeedServer();

    @TempDir
    Path folder;

    private Path archive;
    private Path target;
    private String sum = "";

    ArchiveDownloadTest() throws IOException, GeneralSecurityException {}

    @BeforeEach
    void publish() throws IOException, GeneralSecurityException {
        byte[] content = new byte[SIZE];
        new Random(1).nextBytes(content);
        archive = Files.write(folder.resolve("archive"), content);
        target = folder.resolve("target");
        sum = FeedServer.sum(archive);
        server.publish("0.2.0", archive);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aFileArrivesWhole() throws Exception {
        assertThat(download(SIZE)).isEqualTo(new Result.Complete());
        assertThat(target).hasSameBinaryContentAs(archive);
    }

    @Test
    void aBrokenConnectionIsContinuedWhereItBroke() throws Exception {
        server.breaks = 2;
        server.breaksAfter = 1_000_000;
        assertThat(download(SIZE)).isEqualTo(new Result.Complete());
        assertThat(target).hasSameBinaryContentAs(archive);
        assertThat(server.ranges).hasSize(3).first().isEqualTo(Optional.empty());
        assertThat(server.ranges.getLast())
                .hasValueSatisfying(range -> assertThat(range).startsWith("bytes="));
    }

    @Test
    void aNetworkThatIsGoneLeavesThePartForTheNextRun() throws Exception {
        server.breaks = 9;
        server.breaksAfter = 200_000;
        assertThat(download(SIZE))
                .isInstanceOfSatisfying(
                        Result.Failed.class,
                        failed -> assertThat(failed.why())
                                .matches("The connection to 127\\.0\\.0\\.1 was lost after \\d+ kB of 3 MB\\."
                                        + " To continue the download, run the upgrade again\\."));
        long stored = Files.size(target);
        assertThat(stored).isPositive().isLessThan(SIZE);

        server.breaks = 0;
        assertThat(download(SIZE)).isEqualTo(new Result.Complete());
        assertThat(server.ranges.getLast()).contains("bytes=%d-".formatted(stored));
    }

    @Test
    void aDamagedFileIsDeleted() throws Exception {
        byte[] content = Files.readAllBytes(archive);
        content[1234] ^= 1;
        Files.write(archive, content);
        assertThat(download(SIZE))
                .isEqualTo(new Result.Failed("The downloaded file is damaged: its SHA-256 sum is not"
                        + " the one in the release feed. It was deleted."));
        assertThat(target).doesNotExist();
    }

    /// A part that does not belong to this file ends in a wrong sum, and the next run begins anew.
    @Test
    void aForeignPartIsNotKept() throws Exception {
        Files.write(target, new byte[1000]);
        assertThat(download(SIZE)).isInstanceOf(Result.Failed.class);
        assertThat(target).doesNotExist();
        assertThat(download(SIZE)).isEqualTo(new Result.Complete());
    }

    @Test
    void notAByteMoreThanAnnouncedIsStored() throws Exception {
        server.more = new byte[5_000_000];
        assertThat(download(SIZE))
                .isEqualTo(new Result.Failed("127.0.0.1 sent more than the 3 MB that the release feed announces."));
        assertThat(target).doesNotExist();
    }

    @Test
    void aFileThatIsTooShortIsNotComplete() throws Exception {
        Files.write(archive, Arrays.copyOf(Files.readAllBytes(archive), SIZE / 3));
        assertThat(download(SIZE)).isInstanceOf(Result.Failed.class);
    }

    /// full(4): every write fails with ENOSPC.
    @Test
    void aFullDiskIsSaid() throws Exception {
        target = Path.of("/dev/full");
        assertThat(download(SIZE))
                .isEqualTo(new Result.Failed("Could not save the download: no space left on the disk of /dev."
                        + " Free some space, then try again."));
    }

    @Test
    void aMissingFileIsSaid() throws Exception {
        Result result = new ArchiveDownload(HttpClient.newHttpClient(), Duration.ofSeconds(30))
                .run(URI.create(server.url().replace("releases.json", "nothing")), target, SIZE, "", _ -> {});
        assertThat(result).isEqualTo(new Result.Failed("127.0.0.1 responded with 404 to the download."));
    }

    @Test
    void aServerThatStopsSendingIsNotWaitedFor() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slow.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, SIZE);
            exchange.getResponseBody().write(new byte[500_000]);
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        slow.start();
        try {
            Result result = new ArchiveDownload(HttpClient.newHttpClient(), Duration.ofMillis(500))
                    .run(
                            URI.create("http://127.0.0.1:%d/x"
                                    .formatted(slow.getAddress().getPort())),
                            target,
                            SIZE,
                            "",
                            _ -> {});
            assertThat(result)
                    .isInstanceOfSatisfying(
                            Result.Failed.class,
                            failed -> assertThat(failed.why()).startsWith("127.0.0.1 stopped sending after"));
        } finally {
            over.countDown();
            slow.stop(0);
        }
    }

    private Result download(long size) throws Exception {
        return new ArchiveDownload(HttpClient.newHttpClient(), Duration.ofSeconds(30))
                .run(
                        URI.create(server.url().replace("releases.json", "lamplighter-0.2.0-linux-x86_64.tar.gz")),
                        target,
                        size,
                        sum,
                        _ -> {});
    }
}
