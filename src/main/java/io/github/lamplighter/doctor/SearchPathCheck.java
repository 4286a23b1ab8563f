package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The folders in which a service looks for programs: those that are gone, that are no fixed folder, or into
/// which everybody can put a program.
final class SearchPathCheck {

    private SearchPathCheck() {}

    /// What is wrong with one entry of a `PATH` (POSIX, Base Definitions 8.3: an empty entry means the working
    /// directory).
    enum Fault {
        EMPTY("empty entry, which means the working directory"),
        RELATIVE("relative folder: depends on the working directory"),
        LITERAL("~ and $ are not expanded in a service's PATH, so this folder is not searched"),
        GONE("folder does not exist"),
        OPEN("writable by anyone"),
        TWICE("listed twice");

        private final String detail;

        Fault(String detail) {
            this.detail = detail;
        }
    }

    record Entry(String text, Fault fault) {}

    static Optional<Result> ask(DiagnosisContext context) {
        if (!context.isService()) {
            return Optional.empty();
        }
        return context.servicePath().map(path -> {
            List<Entry> faulty = faults(path);
            List<Evidence> proof = faulty.stream()
                    .map(entry -> new Evidence(shown(context, entry.text()), entry.fault().detail))
                    .toList();
            if (has(faulty, Fault.OPEN)) {
                return written(context, Result.of(Severity.WARNING, "service-folders.open"), proof);
            }
            if (has(faulty, Fault.EMPTY) || has(faulty, Fault.RELATIVE)) {
                return written(context, Result.of(Severity.WARNING, "service-folders.not-fixed"), proof);
            }
            if (has(faulty, Fault.LITERAL)) {
                return written(context, Result.of(Severity.WARNING, "service-folders.literal"), proof);
            }
            long gone =
                    faulty.stream().filter(entry -> entry.fault() == Fault.GONE).count();
            if (gone > 0) {
                return written(
                        context,
                        Result.of(Severity.INFO, gone == 1 ? "service-folders.one-gone" : "service-folders.gone", gone),
                        proof);
            }
            return Result.of(Severity.OK, "service-folders.well")
                    .proof(context.unit(), path.split(":", -1).length + " folders")
                    .proof(proof);
        });
    }

    static List<Entry> faults(String path) {
        List<Entry> faulty = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String text : path.split(":", -1)) {
            fault(text, seen).ifPresent(fault -> faulty.add(new Entry(text, fault)));
        }
        return faulty;
    }

    private static Optional<Fault> fault(String text, Set<String> seen) {
        if (text.isEmpty()) {
            return Optional.of(Fault.EMPTY);
        }
        if (text.startsWith("~") || text.contains("$")) {
            return Optional.of(Fault.LITERAL);
        }
        if (!text.startsWith("/")) {
            return Optional.of(Fault.RELATIVE);
        }
        try {
            Path folder = Path.of(text);
            if (!Files.isDirectory(folder)) {
                return Optional.of(Fault.GONE);
            }
            if (isOpen(folder)) {
                return Optional.of(Fault.OPEN);
            }
            return seen.add(folder.normalize().toString()) ? Optional.empty() : Optional.of(Fault.TWICE);
        } catch (InvalidPathException _) {
            return Optional.of(Fault.GONE);
        }
    }

    private static boolean isOpen(Path folder) {
        try {
            return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException | UnsupportedOperationException _) {
            return false;
        }
    }

    private static boolean has(List<Entry> entries, Fault fault) {
        return entries.stream().anyMatch(entry -> entry.fault() == fault);
    }

    private static String shown(DiagnosisContext context, String text) {
        if (text.isEmpty()) {
            return context.unit();
        }
        return text.startsWith("/") ? context.display(Path.of(text)) : UntrustedText.masked(text);
    }

    private static Result written(DiagnosisContext context, Result result, List<Evidence> proof) {
        return ServiceRemedies.path(context, result.proof(proof), "remedy.service-path");
    }
}
