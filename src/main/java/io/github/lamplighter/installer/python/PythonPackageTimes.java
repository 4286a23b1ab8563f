package io.github.lamplighter.installer.python;

import io.github.lamplighter.installer.DatedPackage;
import io.github.lamplighter.installer.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// When the packages of a Python tool were put in place. The times of files are no evidence: unpacking restores those
/// of the author, and uv links one file into many environments. pip and uv create the folder of a package's metadata
/// at each installation.
public final class PythonPackageTimes {

    private PythonPackageTimes() {}

    public static List<DatedPackage> after(Provenance install, Instant moment) {
        VirtualEnvironment environment = new VirtualEnvironment(install.environment());
        if (environment.distributions().stream().noneMatch(one -> isAfter(one, moment))) {
            return List.of(); // the usual case, in which nothing has to be read
        }
        String own = Distribution.normalised(install.packageName());
        Requirement tool =
                new Requirement(Optional.of(own), install.installRequest().extras(), "", Optional.empty());
        List<Requirement> asked = Stream.concat(
                        Stream.of(tool),
                        install.installRequest().with().stream().map(Requirement::parse))
                .toList();
        return environment.required(asked).stream()
                .filter(one -> isAfter(one, moment))
                .sorted(Comparator.comparing((Distribution one) -> !one.name().equals(own)))
                .flatMap(one -> installedAt(one).map(at -> new DatedPackage(one.name(), one.version(), at)).stream())
                .toList();
    }

    private static boolean isAfter(Distribution distribution, Instant moment) {
        return installedAt(distribution).filter(moment::isBefore).isPresent();
    }

    private static Optional<Instant> installedAt(Distribution distribution) {
        try {
            return Optional.of(Files.getLastModifiedTime(distribution.folder()).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
