package io.github.lamplighter.harness;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// An HTTPS server on a free port of 127.0.0.1 with a certificate that it signed itself.
public final class TlsServer implements AutoCloseable {

    private static final String PASSWORD = "throw-away";

    private final HttpsServer server;
    private final Path certificate;

    private TlsServer(HttpsServer server, Path certificate) {
        this.server = server;
        this.certificate = certificate;
    }

    /// @param validDays how long the certificate holds from now on
    public static TlsServer start(ThrowAwayHome home, int validDays, String answer)
            throws IOException, GeneralSecurityException {
        Path store = home.resolve("tls-" + System.nanoTime() + ".p12");
        Path certificate = Path.of(store + ".pem");
        keytool(
                "-genkeypair",
                store,
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-validity",
                "" + validDays,
                "-ext",
                "san=dns:localhost,ip:127.0.0.1");
        keytool("-exportcert", store, "-alias", "server", "-rfc", "-file", certificate.toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return new TlsServer(server, certificate);
    }

    private static void keytool(String verb, Path store, String... more) {
        String[] fixed = {
            Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
            verb,
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD
        };
        String[] argv = new String[fixed.length + more.length];
        System.arraycopy(fixed, 0, argv, 0, fixed.length);
        System.arraycopy(more, 0, argv, fixed.length, more.length);
        Child.run(Map.of("PATH", "/usr/bin:/bin"), Duration.ofSeconds(60), argv).well();
    }

    public URI url() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /// The certificate in PEM form.
    public Path certificate() {
        return certificate;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
