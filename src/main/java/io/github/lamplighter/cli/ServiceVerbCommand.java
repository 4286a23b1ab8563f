package io.github.lamplighter.cli;

import io.github.lamplighter.tool.Manifest;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `service start`, `stop`, `restart`, `enable` and `disable`.
abstract class ServiceVerbCommand extends ServiceChangeCommand {

    private ServiceVerbCommand(ServiceVerb verb, ServiceContext context) {
        super(verb.command, context);
    }

    final CommandResult change(Manifest manifest, ServiceVerb verb) {
        return change(
                manifest,
                verb.doing,
                verb.done,
                verb.undo,
                () -> verb.apply(context().control(), manifest));
    }

    /// Interrupts nothing. Programs may pass `--yes` to every command that changes something.
    abstract static class Harmless extends ServiceVerbCommand {
        private final ServiceVerb verb;

        @Option(
                names = {"-y", "--yes"},
                hidden = true,
                description = "No effect: there is no prompt")
        private boolean yes;

        Harmless(ServiceVerb verb, ServiceContext context) {
            super(verb, context);
            this.verb = verb;
        }

        @Override
        CommandResult run(Manifest manifest) {
            return change(manifest, verb);
        }
    }

    /// Ends what uses the service.
    abstract static class Interrupting extends ServiceVerbCommand {
        private final ServiceVerb verb;

        @Option(
                names = {"-y", "--yes"},
                description = "Stop it even if sessions or other programs are closed")
        private boolean yes;

        Interrupting(ServiceVerb verb, ServiceContext context) {
            super(verb, context);
            this.verb = verb;
        }

        @Override
        final CommandResult run(Manifest manifest) {
            Optional<String> impact = yes ? Optional.empty() : stopImpact(manifest);
            return unlessHarmful(manifest, yes, impact, () -> change(manifest, verb));
        }
    }

    @Command(
            name = "start",
            header = "Start the service and wait until it is ready",
            footer = "lamplighter start http-server")
    static final class Start extends Harmless {
        Start(ServiceContext context) {
            super(ServiceVerb.START, context);
        }
    }

    @Command(
            name = "stop",
            header = "Stop the service and wait until it has exited",
            footer = "lamplighter stop http-server")
    static final class Stop extends Interrupting {
        Stop(ServiceContext context) {
            super(ServiceVerb.STOP, context);
        }
    }

    @Command(
            name = "restart",
            header = "Restart the service and wait until it is ready",
            footer = "lamplighter restart http-server")
    static final class Restart extends Interrupting {
        Restart(ServiceContext context) {
            super(ServiceVerb.RESTART, context);
        }
    }

    @Command(
            name = "enable",
            header = "Start the service at login",
            description = "Does not start it now.",
            footer = {"lamplighter service enable http-server", "lamplighter service enable http-server --linger"})
    static final class Enable extends Harmless {
        @Option(names = "--linger", description = "Keep all your services running after you log out")
        private boolean linger;

        Enable(ServiceContext context) {
            super(ServiceVerb.ENABLE, context);
        }

        @Override
        CommandResult run(Manifest manifest) {
            return change(manifest, linger ? ServiceVerb.ENABLE_LINGERING : ServiceVerb.ENABLE);
        }
    }

    @Command(
            name = "disable",
            header = "Don't start the service at login",
            description = "Does not stop it now.",
            footer = {"lamplighter service disable http-server", "lamplighter service disable http-server --linger"})
    static final class Disable extends Harmless {
        @Option(names = "--linger", description = "Only turn off lingering: all your services stop when you log out")
        private boolean linger;

        Disable(ServiceContext context) {
            super(ServiceVerb.DISABLE, context);
        }

        @Override
        CommandResult run(Manifest manifest) {
            return change(manifest, linger ? ServiceVerb.DISABLE_LINGERING : ServiceVerb.DISABLE);
        }
    }
}
