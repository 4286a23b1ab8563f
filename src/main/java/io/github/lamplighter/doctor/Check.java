package io.github.lamplighter.doctor;

import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// One question about a tool.
@FunctionalInterface
interface Check {

    /// Empty when the question does not arise for this tool.
    Optional<Result> ask(DiagnosisContext context);

    /// The result of a check; the rest of a finding comes from its place in the catalog.
    ///
    /// @param parts findings of their own that the same question brought to light, by their ids, in order
    record Result(
            Severity severity,
            String title,
            Optional<String> effect,
            List<Evidence> evidence,
            List<Remedy> remedies,
            SequencedMap<String, Result> parts) {

        private static final Set<List<String>> STARTS =
                Set.of(List.of("start"), List.of("restart"), List.of("service", "install"));

        public Result {
            evidence = List.copyOf(evidence);
            remedies = List.copyOf(remedies);
            parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
        }

        Result(
                Severity severity,
                String title,
                Optional<String> effect,
                List<Evidence> evidence,
                List<Remedy> remedies) {
            this(severity, title, effect, evidence, remedies, new LinkedHashMap<>());
        }

        Result with(SequencedMap<String, Result> more) {
            return new Result(severity, title, effect, evidence, remedies, more);
        }

        /// @param key of the sentence: `KEY.title`, and `KEY.effect` where there is one
        static Result of(Severity severity, String key, Object... words) {
            return new Result(
                    severity,
                    Messages.text(key + ".title", words),
                    Messages.ifPresent(key + ".effect", words),
                    List.of(),
                    List.of());
        }

        Result proof(String source, String detail) {
            return proof(List.of(new Evidence(source, UntrustedText.masked(detail))));
        }

        Result proof(List<Evidence> more) {
            List<Evidence> all = new ArrayList<>(evidence);
            more.forEach(one ->
                    all.add(new Evidence(UntrustedText.masked(one.source()), UntrustedText.masked(one.detail()))));
            return new Result(severity, title, effect, all, remedies, parts);
        }

        Result effect(String sentence) {
            return new Result(severity, title, Optional.of(sentence), evidence, remedies, parts);
        }

        Result remedy(Remedy remedy) {
            List<Remedy> all = new ArrayList<>(remedies);
            all.add(remedy);
            return new Result(severity, title, effect, evidence, all, parts);
        }

        /// What would start a tool that is no longer installed, or whose Python or Node is gone, is not offered:
        /// it can't start, and may still be running.
        ///
        /// @param key of the button's words
        /// @param verb of the command line, with the tool's name at its end
        Result action(DiagnosisContext context, String key, String... verb) {
            if (STARTS.contains(List.of(verb)) && (isGone(context) || RequirementChecks.isRuntimeGone(context))) {
                return remedy(new Remedy.Wait(Messages.text("remedy.repair-first")));
            }
            List<String> argv = new ArrayList<>(List.of("lamplighter"));
            argv.addAll(List.of(verb));
            argv.add(context.name());
            return remedy(new Remedy.Action(
                    String.join("-", verb),
                    List.copyOf(argv),
                    Messages.text(key, context.name()),
                    ServiceRemedies.interruptedBy(context, List.of(verb))));
        }

        /// An installation in a folder that cannot be read may well be there.
        private static boolean isGone(DiagnosisContext context) {
            return context.provenance().isEmpty()
                    && Files.notExists(context.manifest().install().environment());
        }

        Optional<Result> found() {
            return Optional.of(this);
        }
    }
}
