import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the release feed of a folder of packages: `ReleaseFeed FOLDER OPTION…`.
///
/// The folder gets `releases.json` (docs/schemas/releases-1.json), `SHA256SUMS` of all its files, and a signature of
/// each, `*.sig`: Ed25519 over the exact bytes, in base64. Part of a release, not of the program;
/// `packaging/release-feed`
/// runs it, with Jackson on the class path.
///
/// | option | |
/// |---|---|
/// | `--key FILE` | the private key (PEM, PKCS 8); else the text in the variable `LAMPLIGHTER_RELEASE_KEY` |
/// | `--public-key BASE64` | the raw public key that the packages were built with: the signatures must match it |
/// | `--base URL` | where the packages will be (https); without it, next to the feed |
/// | `--previous FILE` | the feed of the previous release, with `FILE.sig`: its releases are kept |
/// | `--notes URL`, `--published TIME` | of this release; the time is now by default |
final class ReleaseFeed {

    private static final String SCHEMA = "lamplighter.releases/1";
    private static final String VERSION = "(\\d+\\.\\d+\\.\\d+(?:[-~][0-9A-Za-z.]+)?)";

    /// What the feed offers: the file names of each kind, with version, system (Linux if none) and architecture.
    private static final Map<String, Pattern> PACKAGES = Map.of(
            "deb", Pattern.compile("lamplighter_" + VERSION + "(?:-\\d+)?()_(amd64|arm64)\\.deb"),
            "rpm", Pattern.compile("lamplighter-" + VERSION + "-\\d+()\\.(x86_64|aarch64)\\.rpm"),
            "tar", Pattern.compile("lamplighter-" + VERSION + "-(linux|macos)-(x86_64|aarch64)\\.tar\\.gz"),
            "app", Pattern.compile("lamplighter-" + VERSION + "-(macos)-(x86_64|aarch64)\\.app\\.tar\\.gz"));

    /// What only has a checksum.
    private static final Pattern OTHERS = Pattern.compile(
            "lamplighter-" + VERSION + "-[a-z0-9]+-[a-z0-9_]+\\.(?:dmg|cdx\\.json)", Pattern.CASE_INSENSITIVE);

    private static final List<String> OWN =
            List.of("releases.json", "releases.json.sig", "SHA256SUMS", "SHA256SUMS.sig");

    /// The fixed beginning of an Ed25519 key in X.509 form (RFC 8410).
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path folder;
    private final Map<String, String> options;
    private final PublicKey publicKey;

    private ReleaseFeed(Path folder, Map<String, String> options) throws GeneralSecurityException {
        this.folder = folder;
        this.options = options;
        this.publicKey = publicKey(need("--public-key"));
    }

    /// An expected failure, as a sentence.
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String sentence) {
            super(sentence);
        }
    }

    public static void main(String[] arguments) {
        try {
            Map<String, String> options = new LinkedHashMap<>();
            if (arguments.length % 2 != 1) {
                throw new Refused("Usage: packaging/release-feed FOLDER --public-key BASE64 [OPTION VALUE]…");
            }
            for (int at = 1; at < arguments.length; at += 2) {
                if (!List.of("--key", "--public-key", "--base", "--previous", "--notes", "--published")
                        .contains(arguments[at])) {
                    throw new Refused("unknown option: " + arguments[at]);
                }
                options.put(arguments[at], arguments[at + 1]);
            }
            System.out.println(new ReleaseFeed(Path.of(arguments[0]), options).write());
        } catch (Refused e) {
            fail(e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            fail("could not write the release feed: " + e.getMessage());
        } catch (JacksonException e) {
            fail("the previous feed is not valid JSON");
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // The message of such an exception can contain a part of the key.
            fail("the key is not an Ed25519 key. Make one with `openssl genpkey -algorithm ed25519`.");
        }
    }

    private static void fail(String sentence) {
        System.err.println("release-feed: " + sentence);
        System.exit(1);
    }

    private String write() throws IOException, GeneralSecurityException {
        PrivateKey key = privateKey();
        TreeMap<String, String> sums = new TreeMap<>();
        ArrayNode files = JSON.createArrayNode();
        String version = "";
        for (Path file : files()) {
            String name = file.getFileName().toString();
            Found found = found(name);
            if (!version.isEmpty() && !version.equals(found.version())) {
                throw new Refused("the folder has packages of %s and %s".formatted(version, found.version()));
            }
            version = found.version();
            sums.put(name, sha256(file));
            if (!found.kind().isEmpty()) {
                files.addObject()
                        .put("kind", found.kind())
                        .put("platform", found.platform())
                        .put("url", base() + name)
                        .put("size", Files.size(file))
                        .put("sha256", sums.get(name));
            }
        }
        if (files.isEmpty()) {
            throw new Refused("%s has no packages".formatted(folder));
        }
        ObjectNode feed = JSON.createObjectNode().put("schema", SCHEMA);
        ArrayNode releases = feed.putArray("releases");
        ObjectNode release = releases.addObject().put("version", version).put("published", published());
        if (options.containsKey("--notes")) {
            release.put("notes", https("--notes").toString());
        }
        release.set("files", files);
        for (JsonNode previous : previous()) {
            // A release that is published again replaces the first try.
            if (!previous.path("version").asString("").equals(version)) {
                releases.add(previous);
            }
        }
        byte[] json = (JSON.writeValueAsString(feed).replace("\r", "") + "\n").getBytes(StandardCharsets.UTF_8);
        StringBuilder lines = new StringBuilder();
        sums.forEach((name, sum) -> lines.append(sum).append("  ").append(name).append('\n'));
        byte[] text = lines.toString().getBytes(StandardCharsets.UTF_8);
        // Both are signed before one is written.
        byte[] feedSignature = signed(json, key);
        byte[] sumsSignature = signed(text, key);
        replace("SHA256SUMS", text);
        replace("SHA256SUMS.sig", sumsSignature);
        replace("releases.json", json);
        replace("releases.json.sig", feedSignature);
        return "releases.json: %s with %d packages, and %d previous releases. Signed."
                .formatted(version, files.size(), releases.size() - 1);
    }

    /// @param kind empty for a file that the feed does not offer
    private record Found(String kind, String version, String platform) {}

    private static Found found(String name) {
        for (Map.Entry<String, Pattern> each : PACKAGES.entrySet()) {
            Matcher matcher = each.getValue().matcher(name);
            if (matcher.matches()) {
                String system = matcher.group(2).isEmpty() ? "linux" : matcher.group(2);
                String architecture =
                        matcher.group(3).replace("amd64", "x86_64").replace("arm64", "aarch64");
                return new Found(
                        each.getKey(),
                        // Debian and rpm sort 1.0.0~rc1 before 1.0.0.
                        matcher.group(1).replace('~', '-'),
                        system + "-" + architecture);
            }
        }
        Matcher matcher = OTHERS.matcher(name);
        if (matcher.matches()) {
            return new Found("", matcher.group(1).replace('~', '-'), "");
        }
        throw new Refused("%s is not a file of a release. Remove it, or rename it.".formatted(name));
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new Refused("%s is not a folder".formatted(folder));
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !OWN.contains(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    private String base() {
        if (!options.containsKey("--base")) {
            return "";
        }
        String base = https("--base").toString();
        return base.endsWith("/") ? base : base + "/";
    }

    private URI https(String option) {
        URI address = URI.create(need(option));
        if (!"https".equals(address.getScheme()) || address.getHost() == null || address.getRawUserInfo() != null) {
            throw new Refused("%s must be an https URL without credentials".formatted(option));
        }
        return address;
    }

    private String published() {
        return options.containsKey("--published")
                ? Instant.parse(need("--published")).toString()
                : Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private JsonNode previous() throws IOException, GeneralSecurityException {
        if (!options.containsKey("--previous")) {
            return JSON.createArrayNode();
        }
        Path file = Path.of(need("--previous"));
        byte[] bytes = Files.readAllBytes(file);
        Path signature = file.resolveSibling(file.getFileName() + ".sig");
        // What is kept is signed again: nothing that an attacker wrote may get in.
        if (!Files.exists(signature) || !matches(bytes, Files.readString(signature, StandardCharsets.US_ASCII))) {
            throw new Refused("the signature of the previous feed is missing or wrong");
        }
        JsonNode feed = JSON.readTree(bytes);
        if (!feed.path("schema").asString("").equals(SCHEMA)) {
            throw new Refused("the previous feed is not in the form `%s`".formatted(SCHEMA));
        }
        return feed.path("releases");
    }

    private String need(String option) {
        String value = options.getOrDefault(option, "");
        if (value.isEmpty()) {
            throw new Refused("%s is missing".formatted(option));
        }
        return value;
    }

    // --- keys and signatures --------------------------------------------------------------------------------------

    private PrivateKey privateKey() throws IOException, GeneralSecurityException {
        String pem = options.containsKey("--key")
                ? Files.readString(Path.of(need("--key")))
                : System.getenv().getOrDefault("LAMPLIGHTER_RELEASE_KEY", "");
        if (pem.isBlank()) {
            throw new Refused("no private key: set LAMPLIGHTER_RELEASE_KEY, or use --key FILE");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    private static PublicKey publicKey(String base64) throws GeneralSecurityException {
        byte[] raw = Base64.getDecoder().decode(base64);
        if (raw.length != 32) {
            throw new IllegalArgumentException("not an Ed25519 key");
        }
        byte[] encoded = Arrays.copyOf(X509, X509.length + raw.length);
        System.arraycopy(raw, 0, encoded, X509.length, raw.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    private byte[] signed(byte[] content, PrivateKey key) throws GeneralSecurityException {
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(key);
        signer.update(content);
        String signature = Base64.getEncoder().encodeToString(signer.sign());
        // A feed that no installed program accepts must not be published.
        if (!matches(content, signature)) {
            throw new Refused("the private key does not belong to the public key of the packages");
        }
        return (signature + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private boolean matches(byte[] content, String signature) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(publicKey);
        verifier.update(content);
        try {
            return verifier.verify(Base64.getDecoder().decode(signature.strip()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String sha256(Path file) throws IOException, GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream content = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
                digest.update(buffer, 0, length);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void replace(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Path written = Files.write(folder.resolve("." + name + ".new"), content);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
