package io.github.lamplighter.harness;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Objects;

/// A repository that git clones over HTTP from the loopback address (the "dumb" protocol: plain files). An older pipx
/// takes no `git+file:` address.
public final class GitServer implements AutoCloseable {

    private final GitRepository repository;
    private final Path bare;
    private final HttpServer server;

    private GitServer(GitRepository repository, Path bare, HttpServer server) {
        this.repository = repository;
        this.bare = bare;
        this.server = server;
    }

    public static GitServer of(GitRepository repository) {
        Path bare = repository.folder().resolveSibling(repository.folder().getFileName() + ".git");
        repository.git("clone", "-q", "--bare", repository.folder().toString(), bare.toString());
        HttpServer server = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Objects.requireNonNull(repository.folder().getParent()),
                SimpleFileServer.OutputLevel.NONE);
        server.start();
        GitServer result = new GitServer(repository, bare, server);
        result.publish();
        return result;
    }

    /// Makes what was committed and tagged since then be seen.
    public void publish() {
        repository.git("push", "-q", "--force", "--all", bare.toString());
        repository.git("push", "-q", "--force", "--tags", bare.toString());
        repository.git("--git-dir=" + bare, "update-server-info");
    }

    public String url() {
        return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), bare.getFileName());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
