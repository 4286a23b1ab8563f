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
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// An HTTPS server on a free port of 127.0.0.1 with a certificate that it signed itself.
public final class TlsServer implements AutoCloseable {

    private static final String PASSWORD = "throw-away";

    /// Starting keytool takes half a second: who asks for the same again in one JVM gets the same.
    private static final Map<String, KeyStore> STORES = new ConcurrentHashMap<>();

    private final HttpsServer server;
    private final Path certificate;

    private TlsServer(HttpsServer server, Path certificate) {
        this.server = server;
        this.certificate = certificate;
    }

    /// @param validDays how long the certificate holds from now on
    public static TlsServer start(ThrowAwayHome home, int validDays, String answer)
            throws IOException, GeneralSecurityException {
        KeyStore keys = STORES.computeIfAbsent(validDays + answer, _ -> selfSigned(validDays));
        Path certificate = home.resolve("tls-" + System.nanoTime() + ".pem");
        String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys.getCertificate("server").getEncoded());
        Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
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

    private static KeyStore selfSigned(int validDays) {
        try {
            Path store = Files.createTempDirectory("tls").resolve("store.p12");
            Child.run(
                            Map.of("PATH", "/usr/bin:/bin"),
                            Duration.ofSeconds(60),
                            Path.of(System.getProperty("java.home"), "bin/keytool")
                                    .toString(),
                            "-genkeypair",
                            "-keystore",
                            store.toString(),
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-alias",
                            "server",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-validity",
                            "" + validDays,
                            "-ext",
                            "san=dns:localhost,ip:127.0.0.1")
                    .well();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD.toCharArray());
            }
            ThrowAwayHome.delete(store.getParent());
            return keys;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
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
