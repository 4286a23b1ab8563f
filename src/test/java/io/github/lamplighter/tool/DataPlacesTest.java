package io.github.lamplighter.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class DataPlacesTest {

    private static final Path HOME = Path.of("/home/ada");

    @ParameterizedTest
    @CsvSource({
        "run --path ~/.chroma, run --port 9 --path ~/.chroma, /home/ada/.chroma",
        "run --path ~/.chroma, run --path /srv/chroma, /srv/chroma",
        "run --path ~/.chroma, run --path=/srv/chroma, /srv/chroma",
        "run --path=/home/ada/.chroma, run --path=~/other, /home/ada/other",
        "run --path /home/ada/.chroma/db, run --path /srv/chroma, /home/ada/.chroma:/srv/chroma",
        "run --path /home/ada, run --path /srv, /srv/.chroma",
        "run --port 8000, run --port 9, /home/ada/.chroma",
        "run --path ~/.chroma, run --port 9, unknown",
        "run --path ~/.chroma, run --path chroma, unknown",
        "run --path ~/.chroma, run --path ~/, unknown",
        "run --path ~/.chroma, run --path /srv/a --path /srv/b, unknown",
        "run ~/.chroma, run ~/.chroma --port 9, /home/ada/.chroma",
        "run ~/.chroma, run /srv/chroma, unknown"
    })
    void theDataAreWhereTheArgumentsSay(String base, String given, String expected) {
        assertThat(new DataPlaces(Map.of(), HOME)
                        .of(List.of(HOME.resolve(".chroma")), start(words(base)), start(words(given))))
                .isEqualTo(paths(expected));
    }

    /// As the tools' own help says it, and with every spelling that their parsers accept.
    @ParameterizedTest
    @CsvSource({
        "npm/node-red, -u /srv, /srv",
        "npm/node-red, -u=/srv, /srv",
        "npm/node-red, -u/srv, /srv",
        "npm/node-red, --userDir=/srv, /srv",
        "npm/node-red, --userDir /srv -p 9, /srv",
        "npm/node-red, --user=/srv, unknown",
        "npm/node-red, -u flows, unknown",
        "npm/node-red, -vu /srv, /srv",
        "npm/node-red, -p 1881 -D uiHost=127.0.0.1, /home/ada/.node-red",
        "npm/node-red, -D userDir=/srv, unknown",
        "npm/node-red, -D uiPort=9 --define=userDir=/srv, unknown",
        "npm/node-red, --settings /srv/settings.js, unknown",
        "npm/azurite, -l /srv, /srv",
        "npm/azurite, --silent, unknown",
        "npm/actual-app-sync-server, ACTUAL_DATA_DIR=/srv, /srv",
        "npm/actual-app-sync-server, --config=/etc/actual.json, unknown",
        "npm/code-server, --user-data-dir /srv, /srv",
        "npm/code-server, --extensions-dir /srv, /home/ada/.local/share/code-server:/srv",
        "npm/code-server, --user-data-dir /srv --extensions-dir /srv/e, /srv",
        "npm/code-server, XDG_DATA_HOME=/srv, /srv/code-server",
        "npm/code-server, --user-data-dir /data XDG_DATA_HOME=/srv, /data",
        "npm/n8n, start N8N_USER_FOLDER=/srv, /srv/.n8n",
        "npm/n8n, start DB_TYPE=postgresdb, unknown",
        "npm/verdaccio, -c /srv/config.yaml, unknown",
        "npm/verdaccio, XDG_DATA_HOME=/srv, /srv/verdaccio:/home/ada/.config/verdaccio",
        "npm/maildev, --mail-directory /srv, unknown",
        "npm/maildev, --web 9, ''",
        "npm/json-server, --port 9 ~/json-server/db.json, /home/ada/json-server",
        "npm/json-server, --port 9 db.json, /home/ada/json-server",
        "npm/json-server, --port 9 /srv/db.json, unknown",
        "python/arize-phoenix, serve, unknown",
        "python/arize-phoenix, serve PHOENIX_WORKING_DIR=/srv, /srv",
        "python/calibreweb, -p /srv/app.db, /home/ada/.calibre-web:/srv/app.db",
        "python/changedetection-io, -C -d /srv, /srv",
        "python/changedetection-io, -Cd /srv, /srv",
        "python/dagster-webserver, -p 9 DAGSTER_HOME=/srv, unknown",
        "python/dagster-webserver, -p 9, ''",
        "python/deluge, -d -c /srv, /srv",
        "python/devpi-server, --serverdir /srv, /srv",
        "python/devpi-server, --config /srv/devpi.yml, unknown",
        "python/jupyterlab, --no-browser JUPYTER_CONFIG_DIR=/srv, /srv:/home/ada/.local/share/jupyter",
        "python/jupyterlab, --no-browser --notebook-dir=/srv, /home/ada/.jupyter:/home/ada/.local/share/jupyter",
        "python/jupyterlab, --LabApp.workspaces_dir=/srv, unknown",
        "python/label-studio, start --data-dir /srv, /srv",
        "python/label-studio, start -db /srv/x.sqlite3, unknown",
        "python/mitmproxy, --set confdir=/srv, /srv",
        "python/mitmproxy, --set=block_global=false, /home/ada/.mitmproxy",
        "python/mlflow, server --backend-store-uri sqlite:////srv/m.db, unknown",
        "python/octoprint, serve -b /srv, /srv",
        "python/open-webui, serve DATA_DIR=/srv, /srv",
        "python/prefect, server start PREFECT_HOME=/srv, /srv",
        "python/radicale, --storage-filesystem-folder=/srv --debug, /srv",
        "python/radicale, --config /etc/radicale, unknown"
    })
    void aRecipeKnowsWhatSetsTheFolder(String recipe, String given, String expected) {
        Manifest manifest = recipe(recipe);
        Manifest.Service service = manifest.service().orElseThrow();
        DataPlaces.Start before = new DataPlaces.Start(
                service.arguments(), Optional.of(service.environment()), service.workingDirectory());
        List<String> words = words(given);
        DataPlaces.Start now = new DataPlaces.Start(
                words.stream().filter(word -> !isVariable(word)).toList(),
                Optional.of(words.stream()
                        .filter(DataPlacesTest::isVariable)
                        .map(word -> word.split("=", 2))
                        .collect(java.util.stream.Collectors.toMap(pair -> pair[0], pair -> pair[1]))),
                service.workingDirectory());
        assertThat(new DataPlaces(manifest.dataSetBy(), HOME).of(manifest.data(), before, now))
                .isEqualTo(paths(expected));
    }

    @Test
    void aFolderThatIsSetAndNotAmongTheDataIsNamed() {
        DataPlaces places = new DataPlaces(recipe("npm/code-server").dataSetBy(), HOME);
        List<Path> data = List.of(HOME.resolve(".local/share/code-server"));
        assertThat(places.outside(data, start(List.of("--auth", "none")))).isEmpty();
        assertThat(places.outside(data, start(List.of("--user-data-dir=/srv"))))
                .containsExactly(Map.entry("--user-data-dir", Path.of("/srv")));
        DataPlaces.Start overridden = new DataPlaces.Start(
                List.of("--user-data-dir", "~/.local/share/code-server"),
                Optional.of(Map.of("XDG_DATA_HOME", "/srv")),
                Optional.empty());
        assertThat(places.outside(data, overridden)).isEmpty();
        assertThat(places.outside(List.of(Path.of("/srv/code-server")), start(List.of("--user-data-dir=/srv"))))
                .isEmpty();
    }

    @Test
    void aToolWithoutDataHasNone() {
        assertThat(new DataPlaces(Map.of(), HOME).of(List.of(), start(List.of("a")), start(List.of("b"))))
                .contains(List.of());
    }

    private static boolean isVariable(String word) {
        return word.matches("[A-Z0-9_]+=.*");
    }

    private static Manifest recipe(String name) {
        String[] place = name.split("/");
        JsonNode json = JsonFile.MAPPER.readTree(Recipes.class.getResourceAsStream("recipes/%s.json".formatted(name)));
        ManifestCodec codec = new ManifestCodec(HOME);
        assertThat(place).hasSize(2);
        return ((ManifestCodec.Reading.Valid) codec.read(json, ManifestCodec.Form.BASE, Optional.of(place[1])))
                .manifest();
    }

    private static List<String> words(String line) {
        return Arrays.asList(line.split(" "));
    }

    private static DataPlaces.Start start(List<String> arguments) {
        return new DataPlaces.Start(arguments, Optional.of(Map.of()), Optional.empty());
    }

    private static Optional<List<Path>> paths(String text) {
        return text.equals("unknown")
                ? Optional.empty()
                : Optional.of(Stream.of(text.split(":"))
                        .filter(path -> !path.isEmpty())
                        .map(Path::of)
                        .toList());
    }
}
