package io.github.lamplighter.release;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.text.UntrustedText;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/// Downloads one file of known size and sum. A part that is there already is continued (RFC 9110, "Range Requests").
/// Not a byte more than announced is stored, and a file with another sum is deleted.
public final class ArchiveDownload {

    private static final Duration LONGEST = Duration.ofHours(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int ATTEMPTS = 4;
    private static final long MEGABYTE = 1_000_000;

    private final HttpClient client;
    private final Duration stalled;

    /// @param client that follows no redirects
    /// @param stalled how long a server may send nothing
    ArchiveDownload(HttpClient client, Duration stalled) {
        this.client = client;
        this.stalled = stalled;
    }

    /// How a download ended.
    public sealed interface Result {
        /// The file is complete and has the right sum.
        record Complete() implements Result {}

        /// `why` is a sentence. What was received so far may still be there, to be continued.
        record Failed(String why) implements Result {}
    }

    /// @param progress receives the bytes that are stored
    /// @throws InterruptedException if the thread is interrupted; the received part stays
    Result run(URI address, Path target, long size, String sha256, LongConsumer progress) throws InterruptedException {
        String why = "";
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                long before = stored(target);
                if (before > size) {
                    Files.delete(target);
                    before = 0;
                }
                if (before == size) {
                    break;
                }
                Optional<String> problem = transfer(address, target, before, size, progress);
                if (problem.isEmpty()) {
                    break;
                }
                why = problem.get();
                // The network may be back at once. Without any progress it is not.
                if (stored(target) <= before) {
                    return new Result.Failed(why);
                }
            }
            return stored(target) < size
                    ? new Result.Failed(why.isEmpty() ? "The download is not complete." : why)
                    : verified(target, sha256);
        } catch (IOException e) {
            return new Result.Failed("Could not save the download: %s.".formatted(AtomicFile.why(target, e)));
        }
    }

    private static Result verified(Path target, String sha256) throws IOException {
        if (sum(target).equals(sha256)) {
            return new Result.Complete();
        }
        Files.delete(target);
        return new Result.Failed(
                "The downloaded file is damaged: its SHA-256 sum is not the one in the release feed. It was deleted.");
    }

    private static String sum(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long stored(Path target) throws IOException {
        return Files.exists(target) ? Files.size(target) : 0;
    }

    /// One request; empty when the whole file was stored, else a sentence.
    private Optional<String> transfer(URI address, Path target, long before, long size, LongConsumer progress)
            throws IOException, InterruptedException {
        URI at = address;
        for (int redirects = 0; redirects <= HttpFetcher.MOST_REDIRECTS; redirects++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(at)
                    .header("User-Agent", "lamplighter")
                    .GET();
            if (before > 0) {
                request.header("Range", "bytes=%d-".formatted(before));
            }
            String host = HttpFetcher.host(at);
            FileReceiver receiver = new FileReceiver(target, before, size, progress);
            HttpResponse<Long> response;
            try {
                response = await(client.sendAsync(request.build(), receiver::receiving), receiver);
            } catch (TimeoutException _) {
                return Optional.of("%s stopped sending after %s.".formatted(host, amount(receiver.stored, size)));
            } catch (ExecutionException e) {
                return Optional.of(broken(host, receiver, target, size, e));
            }
            int status = response.statusCode();
            if (status == 416) {
                Files.deleteIfExists(target);
                return Optional.of("%s has another file than before.".formatted(host));
            }
            if (status == 200 || status == 206) {
                return receiver.stored == size
                        ? Optional.empty()
                        : Optional.of("%s ended the download after %s.".formatted(host, amount(receiver.stored, size)));
            }
            Optional<URI> next =
                    HttpFetcher.isRedirect(status) ? HttpFetcher.redirected(at, response) : Optional.empty();
            if (next.isEmpty()) {
                return Optional.of("%s responded with %d to the download.".formatted(host, status));
            }
            at = next.get();
        }
        return Optional.of("%s redirects too many times.".formatted(HttpFetcher.host(address)));
    }

    private static String broken(String host, FileReceiver receiver, Path target, long size, ExecutionException e)
            throws IOException {
        Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
        if (receiver.tooMuch) {
            Files.deleteIfExists(target);
            return "%s sent more than the %s that the release feed announces.".formatted(host, amount(size));
        }
        if (receiver.unsaved.isPresent()) {
            throw receiver.unsaved.get();
        }
        return receiver.stored > 0
                ? "The connection to %s was lost after %s. To continue the download, run the upgrade again."
                        .formatted(host, amount(receiver.stored, size))
                : "Could not download from %s: %s."
                        .formatted(host, UntrustedText.quotation(String.valueOf(cause.getMessage())));
    }

    /// Waits as long as bytes arrive.
    private HttpResponse<Long> await(CompletableFuture<HttpResponse<Long>> answer, FileReceiver receiver)
            throws InterruptedException, ExecutionException, TimeoutException {
        long end = System.nanoTime() + LONGEST.toNanos();
        try {
            while (true) {
                try {
                    return answer.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (System.nanoTime() > end || System.nanoTime() - receiver.lastNanos > stalled.toNanos()) {
                        throw e;
                    }
                }
            }
        } finally {
            answer.cancel(true);
            receiver.close();
        }
    }

    private static String amount(long bytes) {
        return bytes < MEGABYTE ? "%d kB".formatted(bytes / 1000) : "%d MB".formatted(bytes / MEGABYTE);
    }

    private static String amount(long stored, long size) {
        return "%s of %s".formatted(amount(stored), amount(size));
    }

    /// Stores the body of a successful response as it comes.
    private static final class FileReceiver implements HttpResponse.BodySubscriber<Long> {

        private final Path target;
        private final long size;
        private final LongConsumer progress;
        private final CompletableFuture<Long> done = new CompletableFuture<>();
        private Optional<Flow.Subscription> subscription = Optional.empty();
        private Optional<FileChannel> channel = Optional.empty();

        volatile long stored;
        volatile long lastNanos = System.nanoTime();
        volatile boolean tooMuch;
        volatile Optional<IOException> unsaved = Optional.empty();

        FileReceiver(Path target, long stored, long size, LongConsumer progress) {
            this.target = target;
            this.stored = stored;
            this.size = size;
            this.progress = progress;
        }

        HttpResponse.BodySubscriber<Long> receiving(HttpResponse.ResponseInfo response) {
            lastNanos = System.nanoTime();
            boolean continues = response.statusCode() == 206
                    && response.headers()
                            .firstValue("content-range")
                            .filter(range -> range.startsWith("bytes %d-".formatted(stored)))
                            .isPresent();
            if (response.statusCode() != 200 && !continues) {
                return HttpResponse.BodySubscribers.replacing(0L);
            }
            if (!continues) {
                stored = 0;
            }
            return this;
        }

        @Override
        public CompletionStage<Long> getBody() {
            return done;
        }

        @Override
        public synchronized void onSubscribe(Flow.Subscription given) {
            subscription = Optional.of(given);
            try {
                FileChannel opened = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                channel = Optional.of(opened);
                opened.truncate(stored);
                opened.position(stored);
                given.request(1);
            } catch (IOException e) {
                fail(e);
            }
        }

        @Override
        public synchronized void onNext(List<ByteBuffer> buffers) {
            lastNanos = System.nanoTime();
            if (done.isDone() || channel.isEmpty()) {
                return;
            }
            try {
                for (ByteBuffer buffer : buffers) {
                    if (stored + buffer.remaining() > size) {
                        tooMuch = true;
                        fail(new IOException("more bytes than announced"));
                        return;
                    }
                    while (buffer.hasRemaining()) {
                        stored += channel.get().write(buffer);
                    }
                }
                progress.accept(stored);
                subscription.ifPresent(more -> more.request(1));
            } catch (IOException e) {
                unsaved = Optional.of(e);
                fail(e);
            }
        }

        private void fail(IOException e) {
            subscription.ifPresent(Flow.Subscription::cancel);
            done.completeExceptionally(e);
        }

        @Override
        public void onError(Throwable problem) {
            done.completeExceptionally(problem);
        }

        @Override
        public synchronized void onComplete() {
            try {
                if (channel.isPresent()) {
                    channel.get().force(true);
                }
                done.complete(stored);
            } catch (IOException e) {
                unsaved = Optional.of(e);
                done.completeExceptionally(e);
            }
        }

        synchronized void close() {
            done.completeExceptionally(new IOException("closed"));
            try {
                if (channel.isPresent()) {
                    channel.get().close();
                }
            } catch (IOException _) {
                // What was stored is checked by its sum.
            }
        }
    }
}
