package io.github.lamplighter.window;

/// The steps of an upgrade in the reader's words.
final class StepWords {
    private StepWords() {}

    static String of(String step, String oldVersion) {
        String old = oldVersion.isEmpty() ? "the old version" : oldVersion;
        return switch (step) {
            case "baseline", "check-before", "lock" -> "Looked at how it is now";
            case "plan" -> "Planned";
            case "stage", "prepare" -> "Try it out beside the old one";
            case "smoke" -> "See that it starts";
            case "rewrite", "relocate" -> "Fit it to its final place";
            case "scan" -> "See that nothing points elsewhere";
            case "arm", "arm-recovery" -> "Make sure that it can be put right";
            case "snapshot", "keep", "copy-data", "data" -> "Keep " + old;
            case "stop" -> "Stop";
            case "switch", "exchange" -> "Put the new one in place";
            case "identity", "verify" -> "See that it is the one planned";
            case "service-file", "regenerate" -> "Write the service file";
            case "start", "restart" -> "Start";
            case "ready" -> "Wait until it answers";
            case "gates", "doctor", "check", "probation" -> "Check";
            case "commit" -> "Done";
            case "rollback", "roll-back", "switch-back" -> "Take it back";
            default -> {
                String words = step.replace('-', ' ');
                yield words.isEmpty() ? step : Character.toUpperCase(words.charAt(0)) + words.substring(1);
            }
        };
    }

    static String planned(String step) {
        return of(step, "");
    }
}
