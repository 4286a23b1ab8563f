package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.DiagnoseTool;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `explain ID`
@Command(name = "explain", header = "Explain a check", footer = "lamplighter explain service-path")
public final class ExplainCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(
            paramLabel = "ID",
            description = "Check ID, such as `update` or `service-path`",
            completionCandidates = CheckIds.class)
    private String id = "";

    public ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<String> explanation = DiagnoseTool.explanation(id);
        if (explanation.isEmpty()) {
            return console.problem(false, "explain", ExitCode.USAGE, CheckIds.unknown(id));
        }
        console.out().println(explanation.get());
        return ExitCode.OK;
    }
}
