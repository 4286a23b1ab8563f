package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.client.JsonFields;
import io.github.lamplighter.tool.ToolName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import tools.jackson.databind.JsonNode;

/// The view model of the form that starts managing a tool. It begins with what was detected.
final class ManageViewModel {

    /// A word, or words in quotes.
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    private static final Pattern ADDRESS = Pattern.compile("(https?://|tcp://|unix:)\\S+");

    private final CliClient cliClient;
    private final TaskExecutor taskExecutor;
    private final String target;
    private final String tool;
    private final StringProperty name = new SimpleStringProperty("");
    private final StringProperty arguments = new SimpleStringProperty("");
    private final StringProperty folder = new SimpleStringProperty("");
    private final StringProperty address = new SimpleStringProperty("");
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<List<String>> warnings = new ReadOnlyObjectWrapper<>(List.of());

    /// @param target a tool's id, or the path of a program
    /// @param tool its name
    ManageViewModel(WindowServices windowServices, String target, String tool) {
        this.target = target;
        this.cliClient = windowServices.cliClient();
        this.taskExecutor = windowServices.taskExecutor();
        this.tool = tool;
        name.set(ToolName.of(tool).map(ToolName::value).orElse(""));
    }

    String title() {
        return "Manage " + tool;
    }

    StringProperty nameProperty() {
        return name;
    }

    StringProperty argumentsProperty() {
        return arguments;
    }

    StringProperty folderProperty() {
        return folder;
    }

    StringProperty addressProperty() {
        return address;
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /// What the user should know before saving, as sentences.
    ReadOnlyObjectProperty<List<String>> warningsProperty() {
        return warnings.getReadOnlyProperty();
    }

    static boolean isName(String text) {
        return ToolName.of(text.strip()).isPresent();
    }

    static boolean isFolder(String text) {
        return text.isBlank() || text.strip().startsWith("/") || text.strip().startsWith("~");
    }

    static boolean isAddress(String text) {
        return text.isBlank() || ADDRESS.matcher(text.strip()).matches();
    }

    static boolean isCommandLine(String text) {
        return WORD.matcher(text).replaceAll("").isBlank()
                && text.chars().filter(c -> c == '"').count() % 2 == 0;
    }

    // Commands

    /// Fills the form with what was detected.
    void load() {
        busy.set(true);
        taskExecutor.run(() -> cliClient.run(List.of("add", target, "--dry-run")), this::detected);
    }

    private void detected(Envelope envelope) {
        busy.set(false);
        if (!envelope.succeeded()) {
            problem.set(envelope.reason().orElse(""));
            return;
        }
        JsonNode manifest = envelope.data().path("manifest");
        JsonNode service = manifest.path("service");
        arguments.set(JsonFields.texts(service.path("arguments")).stream()
                .map(ManageViewModel::quoted)
                .collect(Collectors.joining(" ")));
        JsonFields.text(service, "workingDirectory").ifPresent(folder::set);
        JsonFields.text(manifest.path("endpoint"), "url").ifPresent(address::set);
        warnings.set(warnings(envelope));
    }

    /// Saves what is entered. If there are warnings that were not shown yet, shows them instead; then it takes a second
    /// time.
    ///
    /// @param done called when the tool is managed
    void save(Consumer<String> done) {
        run("--dry-run", tried -> {
            List<String> shown = warnings.get();
            warnings.set(warnings(tried));
            if (shown.containsAll(warnings.get())) {
                run("--yes", _ -> done.accept(name.get().strip()));
            }
        });
    }

    private void run(String option, Consumer<Envelope> succeeded) {
        busy.set(true);
        problem.set("");
        taskExecutor.run(() -> cliClient.run(command(option)), envelope -> {
            busy.set(false);
            if (envelope.succeeded()) {
                succeeded.accept(envelope);
            } else {
                problem.set(envelope.reason().orElse("No reason given"));
            }
        });
    }

    private static List<String> warnings(Envelope envelope) {
        return envelope.data()
                .path("warnings")
                .valueStream()
                .flatMap(warning -> JsonFields.text(warning, "message").stream())
                .toList();
    }

    private List<String> command(String option) {
        List<String> words = new ArrayList<>(List.of("add", target, option));
        if (!name.get().strip().equals(tool)) {
            words.addAll(List.of("--as", name.get().strip()));
        }
        for (String argument : words(arguments.get())) {
            words.add("--argument=" + argument);
        }
        given(folder).ifPresent(text -> words.addAll(List.of("--directory", text)));
        given(address).ifPresent(text -> words.addAll(List.of("--url", text)));
        return words;
    }

    private static Optional<String> given(StringProperty text) {
        return Optional.of(text.get().strip()).filter(value -> !value.isEmpty());
    }

    private static String quoted(String word) {
        return word.matches("\\S+") ? word : "\"" + word + "\"";
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(Optional.ofNullable(matcher.group(1))
                    .or(() -> Optional.ofNullable(matcher.group(2)))
                    .orElseGet(() -> matcher.group(3)));
        }
        return words;
    }
}
