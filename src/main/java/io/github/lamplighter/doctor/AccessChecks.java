package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Evidence;
import io.github.lamplighter.tool.Manifest.Service;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The group *Settings and access*: the files that a tool reads, its certificate, and the file with its secrets.
final class AccessChecks {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);

    private AccessChecks() {}

    static Optional<Result> settings(Subject subject) {
        List<Path> files = subject.manifest().settings();
        if (files.isEmpty()) {
            return Optional.empty();
        }
        List<Evidence> well = new ArrayList<>();
        List<Evidence> absent = new ArrayList<>();
        for (Path file : files) {
            String shown = subject.display(file);
            if (!Files.exists(file)) {
                absent.add(new Evidence(shown, "there is no such file"));
            } else if (!Files.isReadable(file)) {
                return damaged(subject, file, 0, 0, "it may not be read");
            } else if (file.toString().endsWith(".json")
                    && JsonFile.read(file) instanceof JsonFile.Content.Damaged(int line, int column, String message)) {
                return damaged(subject, file, line, column, message);
            } else {
                well.add(new Evidence(shown, file.toString().endsWith(".json") ? "can be read" : "is there"));
            }
        }
        return absent.isEmpty()
                ? Result.of(Severity.OK, "settings.well").proof(well).found()
                : Result.of(Severity.INFO, "settings.absent")
                        .proof(absent)
                        .proof(well)
                        .remedy(new Remedy.Wait(Messages.text("remedy.nothing")))
                        .found();
    }

    private static Optional<Result> damaged(Subject subject, Path file, int line, int column, String message) {
        Result result = line > 0
                ? Result.of(Severity.FAILURE, "settings.damaged", line)
                : Result.of(Severity.FAILURE, "settings.unreadable");
        String shown = subject.display(file);
        return result.proof(line > 0 ? "%s:%d:%d".formatted(shown, line, column) : shown, message + "; left as it is")
                .remedy(new Remedy.Open(
                        file.toString(),
                        line > 0 ? Messages.text("remedy.open-line", line) : Messages.text("remedy.open")))
                .found();
    }

    /// The certificate that the service's own arguments name.
    static Optional<Result> certificate(Subject subject) {
        return certificateFile(subject).map(file -> {
            String shown = subject.display(file);
            try (InputStream in = Files.newInputStream(file)) {
                if (!(CertificateFactory.getInstance("X.509").generateCertificate(in)
                        instanceof X509Certificate certificate)) {
                    return unreadable(file, shown, "it holds no X.509 certificate");
                }
                return expiry(subject, certificate, shown);
            } catch (IOException | CertificateException e) {
                return unreadable(file, shown, "it holds no certificate that can be read");
            }
        });
    }

    private static Result unreadable(Path file, String shown, String why) {
        return Result.of(Severity.WARNING, "certificate.unreadable")
                .proof(shown, why)
                .remedy(new Remedy.Open(file.toString(), Messages.text("remedy.open")));
    }

    /// 30 days ahead it is said, 7 days ahead it asks for attention, from the last day on it is broken.
    private static Result expiry(Subject subject, X509Certificate certificate, String shown) {
        Instant end = certificate.getNotAfter().toInstant();
        Duration left = Duration.between(subject.around().clock().instant(), end);
        String day = DAY.format(end.atOffset(ZoneOffset.UTC));
        String issuer = certificate.getIssuerX500Principal().getName();
        long days = Math.max(0, left.toDays());
        Result result;
        if (left.isNegative()) {
            result = Result.of(Severity.FAILURE, "certificate.over", day);
        } else if (days < 1) {
            result = Result.of(Severity.FAILURE, "certificate.today", day);
        } else if (days < 7) {
            result = Result.of(Severity.WARNING, days == 1 ? "certificate.day" : "certificate.soon", days, day);
        } else if (days < 30) {
            result = Result.of(Severity.INFO, "certificate.soon", days, day);
        } else {
            return Result.of(Severity.OK, "certificate.well", day).proof(shown, "issued by " + issuer);
        }
        return result.proof(shown, "issued by " + issuer)
                .remedy(new Remedy.CopyCommand(
                        "openssl x509 -noout -enddate -subject -in '%s'"
                                .formatted(shown.replace("~/", "$HOME/"))
                                .replace("'", "\""),
                        Messages.text("remedy.certificate")));
    }

    private static Optional<Path> certificateFile(Subject subject) {
        Optional<Service> service = subject.manifest().service();
        if (service.isEmpty() || !subject.isService()) {
            return Optional.empty();
        }
        Path home = subject.around().places().home();
        Path directory = service.get()
                .workingDirectory()
                .or(() -> LoginChecks.workingDirectory(subject))
                .orElse(home);
        for (String argument : service.get().arguments()) {
            String value = argument.startsWith("-") && argument.contains("=")
                    ? argument.substring(argument.indexOf('=') + 1)
                    : argument;
            String lower = value.toLowerCase(Locale.ROOT);
            boolean key = lower.contains("key");
            if (!key && (lower.endsWith(".pem") || lower.endsWith(".crt") || lower.endsWith(".cer"))) {
                Path file = value.startsWith("~/") ? home.resolve(value.substring(2)) : directory.resolve(value);
                if (Files.exists(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }

    static Optional<Result> environmentFile(Subject subject) {
        Optional<Path> file = subject.manifest().service().flatMap(Service::environmentFile);
        if (file.isEmpty() || !subject.isService()) {
            return Optional.empty();
        }
        String shown = subject.display(file.get());
        if (!Files.exists(file.get())) {
            return Result.of(Severity.FAILURE, "environment-file.gone", subject.name())
                    .proof(shown, "there is no such file")
                    .remedy(new Remedy.CopyCommand(
                            "install -m 600 /dev/null " + file.get(), Messages.text("remedy.make-private-file")))
                    .found();
        }
        try {
            PosixFileAttributes attributes = Files.readAttributes(file.get(), PosixFileAttributes.class);
            Set<PosixFilePermission> others = Set.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);
            boolean open = attributes.permissions().stream().anyMatch(others::contains);
            String permissions = java.nio.file.attribute.PosixFilePermissions.toString(attributes.permissions());
            return open
                    ? Result.of(Severity.WARNING, "environment-file.open")
                            .proof(shown, permissions)
                            .remedy(new Remedy.CopyCommand(
                                    "chmod 600 " + file.get(), Messages.text("remedy.make-private")))
                            .found()
                    : Result.of(Severity.OK, "environment-file.well")
                            .proof(shown, permissions)
                            .found();
        } catch (IOException e) {
            return Result.of(Severity.UNKNOWN, "environment-file.unknown")
                    .proof(shown, "it cannot be looked at")
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")))
                    .found();
        }
    }
}
