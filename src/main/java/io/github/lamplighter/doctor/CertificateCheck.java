package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.tool.Manifest.Endpoint;
import io.github.lamplighter.tool.Manifest.Service;
import io.github.lamplighter.tool.Manifest.Tls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks when a tool's certificate expires: the one in its file, and the one that it serves, which stays the
/// old one until the tool reads the file again.
final class CertificateCheck {

    private static final Pattern CERTIFICATE = Pattern.compile("(?i).*\\.(?:pem|crt|cer)");

    /// `--cert`, `--tls-crt`, `--ssl_certfile`, `-cert`.
    private static final Pattern OWN_OPTION = Pattern.compile("(?i)cert|crt");

    /// `--ca`, `--cacert`, `--ssl-ca-certs`, `--client-ca`, `--key`, `--dhparam`, `--trusted-certs`.
    private static final Pattern OTHERS_OPTION =
            Pattern.compile("(?i)(?:^|[-_.])(?:ca|cas|cacerts?|cafile|dh.*|crl|root|client|trust.*)(?:$|[-_.])|key");

    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----.*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----",
            Pattern.DOTALL);

    private static final int LARGEST = 1024 * 1024;

    private static final Pattern TAILNET = Pattern.compile("[a-z0-9-]+(?:\\.[a-z0-9-]+)+\\.ts\\.net");

    private CertificateCheck() {}

    static Optional<Result> ask(DiagnosisContext context) {
        if (!context.isService()) {
            return Optional.empty();
        }
        Optional<X509Certificate> shown = shown(context);
        Optional<Path> file = file(context);
        if (file.isEmpty()) {
            return shown.map(certificate -> expiry(context, certificate, address(context), false))
                    .or(() -> unseen(context));
        }
        String name = context.display(file.get());
        if (Files.notExists(file.get())) {
            return Result.of(Severity.FAILURE, "certificate.gone")
                    .proof(name, "file does not exist")
                    .remedy(new Remedy.Open(
                            String.valueOf(file.get().getParent()), Messages.text("remedy.open-folder")))
                    .found();
        }
        if (!Files.isReadable(file.get())) {
            return Result.of(Severity.UNKNOWN, "certificate.unknown")
                    .proof(name, "not readable by you")
                    .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                    .found();
        }
        Optional<X509Certificate> kept = read(file.get());
        if (kept.isEmpty()) {
            return Result.of(Severity.WARNING, "certificate.unreadable")
                    .proof(name, "contains no readable certificate")
                    .remedy(new Remedy.Open(file.get().toString(), Messages.text("remedy.open")))
                    .found();
        }
        boolean old = shown.isPresent() && !shown.equals(kept);
        if (old) {
            boolean over = shown.get()
                    .getNotAfter()
                    .toInstant()
                    .isBefore(context.around().clock().instant());
            Result result = over
                    ? Result.of(
                            Severity.FAILURE,
                            "certificate.old-over",
                            day(context, shown.get().getNotAfter()))
                    : Result.of(Severity.WARNING, "certificate.old");
            return result.proof(name, "valid until " + day(context, kept.get().getNotAfter()))
                    .proof(
                            address(context),
                            "shows a certificate that is valid until "
                                    + day(context, shown.get().getNotAfter()))
                    .action(context, "remedy.restart", "restart")
                    .found();
        }
        return expiry(context, kept.get(), name, true).found();
    }

    /// A note 30 days ahead, a warning 7 days ahead, a failure from the last day on.
    private static Result expiry(DiagnosisContext context, X509Certificate certificate, String source, boolean isFile) {
        Instant now = context.around().clock().instant();
        Instant end = certificate.getNotAfter().toInstant();
        ZoneId zone = context.around().zone().get();
        Duration left = Duration.between(now, end);
        String day = day(context, certificate.getNotAfter());
        String issuer = "issued by " + certificate.getIssuerX500Principal().getName();
        // Days as the reader's calendar has them; how grave it is goes by the time that is left.
        long days = ChronoUnit.DAYS.between(
                now.atZone(zone).toLocalDate(), end.atZone(zone).toLocalDate());
        String when = days == 1 ? "certificate.day" : "certificate.soon";
        Result result;
        if (certificate.getNotBefore().toInstant().isAfter(now)) {
            result = Result.of(Severity.FAILURE, "certificate.not-yet", day(context, certificate.getNotBefore()));
        } else if (left.isNegative()) {
            result = Result.of(Severity.FAILURE, "certificate.over", day);
        } else if (left.toDays() < 1) {
            result = Result.of(Severity.FAILURE, "certificate.today", day);
        } else if (left.toDays() < 7) {
            result = Result.of(Severity.WARNING, when, days, day);
        } else if (left.toDays() < 30) {
            result = Result.of(Severity.INFO, when, days, day);
        } else {
            return Result.of(Severity.OK, "certificate.well", day).proof(source, issuer);
        }
        Result told = result.proof(source, issuer);
        String look = isFile
                ? Command.of(
                                Duration.ZERO,
                                "openssl",
                                "x509",
                                "-noout",
                                "-enddate",
                                "-subject",
                                "-in",
                                file(context).map(Path::toString).orElse(source))
                        .line()
                : "openssl s_client -connect %s </dev/null | openssl x509 -noout -enddate -subject"
                        .formatted(authority(context));
        return renewal(context, certificate)
                .map(command -> told.remedy(new Remedy.CopyCommand(command, Messages.text("remedy.renew"))))
                .orElse(told)
                .remedy(new Remedy.CopyCommand(look, Messages.text("remedy.certificate")));
    }

    /// The program that made it, if certain: Tailscale for a name of a tailnet, certbot in its own folder.
    private static Optional<String> renewal(DiagnosisContext context, X509Certificate certificate) {
        return names(certificate).stream()
                .filter(name -> TAILNET.matcher(name).matches())
                .findFirst()
                .map(name -> "tailscale cert " + name)
                .or(() -> file(context)
                        .filter(file -> file.startsWith("/etc/letsencrypt/live"))
                        .map(file -> Command.of(
                                        Duration.ZERO,
                                        "sudo",
                                        "certbot",
                                        "renew",
                                        "--cert-name",
                                        String.valueOf(file.resolveSibling("").getFileName()))
                                .line()));
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            return Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of()).stream()
                    .map(entry -> String.valueOf(entry.get(1)))
                    .toList();
        } catch (CertificateException _) {
            return List.of();
        }
    }

    /// It answers over TLS, and yet no certificate was seen.
    private static Optional<Result> unseen(DiagnosisContext context) {
        return secure(context)
                .filter(_ -> context.probeResult()
                        .filter(ProbeResult.Yes.class::isInstance)
                        .isPresent())
                .map(endpoint -> Result.of(Severity.UNKNOWN, "certificate.unknown")
                        .proof(endpoint.url(), "no certificate received in time")
                        .remedy(new Remedy.Wait(Messages.text("remedy.wait"))));
    }

    private static Optional<Endpoint> secure(DiagnosisContext context) {
        return context.endpoint()
                .filter(endpoint -> endpoint.url().startsWith("https:"))
                .filter(_ -> context.hasProcess());
    }

    private static Optional<X509Certificate> shown(DiagnosisContext context) {
        return secure(context).flatMap(context.around().endpoints()::certificate);
    }

    /// The first certificate of a file. A PEM file can have other parts, such as the key, before or after it
    /// (RFC 7468).
    private static Optional<X509Certificate> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] all = in.readNBytes(LARGEST);
            Matcher block = BLOCK.matcher(new String(all, StandardCharsets.ISO_8859_1));
            byte[] first = block.find() ? block.group().getBytes(StandardCharsets.ISO_8859_1) : all;
            return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(first))
                            instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (IOException | CertificateException _) {
            return Optional.empty();
        }
    }

    private static String day(DiagnosisContext context, Date at) {
        return FindingTimes.day(at.toInstant(), context.around().zone().get());
    }

    private static String address(DiagnosisContext context) {
        return context.endpoint().orElseThrow().url();
    }

    private static String authority(DiagnosisContext context) {
        String rest = address(context).substring("https://".length()).split("/", 2)[0];
        return rest.contains(":") ? rest : rest + ":443";
    }

    /// The manifest's; else the one that the service's own arguments name.
    private static Optional<Path> file(DiagnosisContext context) {
        return context.manifest().tls().map(Tls::certificate).or(() -> named(context));
    }

    /// By its option, since a program can be given more certificates than its own: those that it trusts, a
    /// client's. Where nothing says which of several it is, none is taken for it.
    private static Optional<Path> named(DiagnosisContext context) {
        Path home = context.around().directories().home();
        List<String> arguments =
                context.manifest().service().map(Service::arguments).orElse(List.of());
        Path directory = context.manifest()
                .service()
                .flatMap(Service::workingDirectory)
                .or(() -> StartupChecks.workingDirectory(context))
                .orElse(home);
        List<Path> said = new ArrayList<>();
        List<Path> others = new ArrayList<>();
        String before = "";
        for (String argument : arguments) {
            boolean whole = argument.startsWith("-") && argument.contains("=");
            String option = whole ? argument.substring(0, argument.indexOf('=')) : before;
            String value = whole ? argument.substring(argument.indexOf('=') + 1) : argument;
            before = argument.startsWith("-") && !whole ? argument : "";
            Path file = value.startsWith("~/") ? home.resolve(value.substring(2)) : directory.resolve(value);
            if (!CERTIFICATE.matcher(value).matches() || !Files.exists(file)) {
                continue;
            }
            if (OTHERS_OPTION.matcher(option).find()) {
                continue;
            }
            boolean key = option.isEmpty()
                    && String.valueOf(file.getFileName())
                            .toLowerCase(Locale.ROOT)
                            .contains("key");
            if (!key) {
                (OWN_OPTION.matcher(option).find() ? said : others).add(file);
            }
        }
        List<Path> candidates = said.isEmpty() ? others : said;
        return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
    }
}
