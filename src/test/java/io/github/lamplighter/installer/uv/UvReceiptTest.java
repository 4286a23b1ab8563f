package io.github.lamplighter.installer.uv;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.uv.UvReceipt.ReceiptRequirement;
import io.github.lamplighter.installer.uv.UvReceipt.Source;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UvReceiptTest {

    private static final String WHOLE = """
        [tool]
        requirements = [
            { name = "lamp-clock", extras = ["tls"], specifier = ">=1,<2" },
            { name = "lamp-plugin", editable = "/home/ada/plugin" },
            { name = "gear", marker = "python_version >= '3.9'" },
        ]
        constraints = [{ name = "cog", specifier = "<3" }]
        overrides = [{ name = "cog" }]
        python = "3.13"
        entrypoints = [
            { name = "clock", install-path = "/home/ada/.local/bin/clock", from = "lamp-clock" },
            { name = "gear", install-path = "/home/ada/.local/bin/gear", from = "gear" },
        ]

        [tool.options]
        index = [
            { url = "https://main/simple", default = true },
            { name = "own", url = "https://own/simple", explicit = false },
        ]
        index-strategy = "unsafe-best-match"
        exclude-newer = "2026-01-01T00:00:00Z"
        exclude-newer-span = "P3W"
        some-key-of-next-year = 1
        """;

    @TempDir
    Path folder;

    @Test
    void everythingThatWasAskedForIsRead() throws IOException {
        UvReceipt read = well(WHOLE);
        assertThat(read.tool())
                .isEqualTo(new ReceiptRequirement("lamp-clock", List.of("tls"), new Source.Index(">=1,<2")));
        assertThat(read.others()).map(ReceiptRequirement::line).containsExactly("-e /home/ada/plugin", "gear");
        assertThat(read.bounds()).isEqualTo(2);
        assertThat(read.python()).contains("3.13");
        assertThat(read.programs()).map(UvReceipt.EntryPoint::name).containsExactly("clock", "gear");
        assertThat(read.programs()).map(UvReceipt.EntryPoint::from).containsExactly("lamp-clock", "gear");
        assertThat(read.search().indexes()).containsExactly("https://own/simple");
        assertThat(read.search().defaultIndex()).contains("https://main/simple");
        assertThat(read.search().indexStrategy()).contains("unsafe-best-match");
        assertThat(read.search().excludeNewer())
                .as("a span counts from now, whatever date it once came to")
                .contains("P3W");
    }

    @Test
    void itBecomesTheWordsThatWouldWriteItAgain() throws IOException {
        UvReceipt receipt = well("""
            [tool]
            requirements = [
                { name = "lamp-clock", extras = ["d"], specifier = "==24.2.0" },
                { name = "my-plugin" },
                { name = "gear", git = "https://x.example/gear?subdirectory=py&rev=v1" },
            ]
            python = "3.11"
            entrypoints = [{ name = "lamp-clock", install-path = "/home/ada/.local/bin/clock", from = "lamp-clock" }]
            [tool.options]
            index = [{ name = "ours", url = "https://ours.example/simple", default = true, format = "simple" }]
            prerelease = "allow"
            exclude-newer = "2026-01-01T00:00:00Z"
            exclude-newer-span = "P3W"
            """);
        assertThat(UvInstallCommand.of(receipt, Optional.of(">=3.9"), true))
                .isEqualTo(new UvInstallCommand(
                        List.of(
                                "--python",
                                "3.11",
                                "--with",
                                "my-plugin",
                                "--with",
                                "gear @ git+https://x.example/gear@v1#subdirectory=py",
                                "--default-index",
                                "ours=https://ours.example/simple",
                                "--prerelease",
                                "allow",
                                "--exclude-newer",
                                "P3W",
                                "lamp-clock[d]"),
                        Set.of()));
        assertThat(UvInstallCommand.of(receipt, Optional.empty(), false).words())
                .endsWith("lamp-clock[d]==24.2.0");
    }

    @Test
    void aPythonThatWasRemovedIsNotAskedForAgain() throws IOException {
        Path python = Files.createFile(folder.resolve("python3.11"));
        UvReceipt receipt = well("""
            [tool]
            requirements = [{ name = "lamp-clock" }]
            python = "%s"
            entrypoints = []
            """.formatted(python));
        assertThat(UvInstallCommand.of(receipt, Optional.of(">=3.9"), false).words())
                .containsExactly("--python", python.toString(), "lamp-clock");
        Files.delete(python);
        assertThat(UvInstallCommand.of(receipt, Optional.of(">=3.9"), false).words())
                .containsExactly("--python", ">=3.9", "lamp-clock");
        assertThat(UvInstallCommand.of(receipt, Optional.empty(), false).words())
                .containsExactly("lamp-clock");
    }

    @Test
    void whatNoWordSaysIsNamed() throws IOException {
        assertThat(UvInstallCommand.of(well(WHOLE), Optional.empty(), false).missing())
                .containsExactlyInAnyOrder("marker", "constraints", "overrides", "some-key-of-next-year");
        assertThat(UvInstallCommand.of(well("""
            [tool]
            requirements = ["lamp-clock"]
            entrypoints = []
            [tool.options]
            index-url = "https://ada:hunter2@ours.example/simple"
            """), Optional.empty(), false).missing())
                .containsExactly("a password");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "constraints = [{ name = 'lamp_clock', specifier = '<2' }, 'gear<3'] | >=1,<2 | 1",
                "constraints = ['lamp-clock!=1.5', { name = 'lamp-clock', specifier = '<2' }] | >=1,!=1.5,<2 | 0",
                "overrides = [{ name = 'lamp-clock', specifier = '==1.4' }] | ==1.4 | 0",
                "overrides = [{ name = 'gear', specifier = '==1.4' }] | >=1 | 1"
            })
    void boundsOfTheToolItselfCountForIt(String key, String specifier, int others) throws IOException {
        UvReceipt read =
                well("[tool]\nrequirements = [{ name = \"lamp-clock\", specifier = \">=1\" }]\nentrypoints = []\n" + key
                        + "\n");
        assertThat(read.specifier()).isEqualTo(specifier);
        assertThat(read.bounds()).isEqualTo(others);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prerelease = 'allow' | true",
                "prerelease = 'if-necessary' | false",
                "prerelease-package = { lamp-clock = 'allow' } | true",
                "prerelease-package = { gear = 'allow' } | false"
            })
    void preReleasesThatWereAskedForAreKnown(String option, boolean asked) throws IOException {
        assertThat(well("[tool]\nrequirements = ['lamp-clock']\nentrypoints = []\n[tool.options]\n" + option + "\n")
                        .preReleases())
                .isEqualTo(asked);
    }

    @Test
    void theToolsOwnCutOffAndIndexComeBeforeTheGeneralOnes() throws IOException {
        UvReceipt read = well("""
            [tool]
            requirements = [{ name = "lamp-clock", specifier = ">=1", index = "https://mine/simple" }]
            entrypoints = []
            [tool.options]
            exclude-newer = "2026-01-01T00:00:00Z"
            exclude-newer-package = { lamp-clock = "2026-02-01T00:00:00Z" }
            index = [{ url = "https://own/simple" }]
            no-index = true
            """);
        assertThat(read.search().excludeNewerPackage()).contains("2026-02-01T00:00:00Z");
        assertThat(read.search().excludeNewer()).contains("2026-01-01T00:00:00Z");
        assertThat(read.search().indexes()).containsExactly("https://mine/simple", "https://own/simple");
        assertThat(read.search().noIndex()).isTrue();
    }

    /// As uv 0.13 writes it.
    @Test
    void theSpanOfAPackageCountsFromNow() throws IOException {
        UvReceipt read = well("""
            [tool]
            requirements = [{ name = "lamp-clock" }]
            entrypoints = []
            [tool.options]
            find-links = ["file:///opt/wheels"]
            exclude-newer-package = { lamp-clock = { timestamp = "2026-11-22T23:29:08.49Z", span = "P1W" } }
            """);
        assertThat(read.search().excludeNewerPackage()).contains("P1W");
        assertThat(read.search().findLinks()).containsExactly("file:///opt/wheels");
        assertThat(UvInstallCommand.of(read, Optional.empty(), false).words())
                .contains("--exclude-newer-package", "lamp-clock=P1W");
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of("{ name = \"lamp-clock\" }", new Source.Index("")),
                Arguments.of("\"lamp_clock==1.0\"", new Source.Index("==1.0")),
                Arguments.of(
                        "\"lamp-clock @ git+https://h/c.git@v1\"",
                        new Source.Git("https://h/c.git", "rev", Optional.of("v1"), Optional.empty())),
                Arguments.of(
                        "\"lamp-clock @ git+ssh://git@h/c.git\"",
                        new Source.Git("ssh://git@h/c.git", "", Optional.empty(), Optional.empty())),
                Arguments.of(
                        "{ name = \"lamp-clock\", git = \"https://h/c.git\" }",
                        new Source.Git("https://h/c.git", "", Optional.empty(), Optional.empty())),
                Arguments.of(
                        "{ name = \"lamp-clock\", git = \"https://h/c?subdirectory=a%2Fb&lfs=true&rev=v1\" }",
                        new Source.Git("https://h/c", "rev", Optional.of("v1"), Optional.of("a/b"))),
                Arguments.of(
                        "{ name = \"lamp-clock\", git = \"https://h/c?branch=fix/x+y\" }",
                        new Source.Git("https://h/c", "branch", Optional.of("fix/x+y"), Optional.empty())),
                Arguments.of(
                        "{ name = \"lamp-clock\", url = \"https://h/c.whl\" }", new Source.Archive("https://h/c.whl")),
                Arguments.of("{ name = \"lamp-clock\", path = \"/a/c.whl\" }", new Source.Archive("file:///a/c.whl")),
                Arguments.of("{ name = \"lamp-clock\", directory = \"/a/c\" }", new Source.Directory(Path.of("/a/c"))),
                Arguments.of("{ name = \"lamp-clock\", editable = \"/a/c\" }", new Source.Editable(Path.of("/a/c"))),
                Arguments.of("{ name = \"lamp-clock\", virtual = \"/a/c\" }", new Source.Editable(Path.of("/a/c"))));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyShapeOfARequirementIsKnown(String requirement, Source source) throws IOException {
        UvReceipt read = well("[tool]\nrequirements = [\"other\", %s]\nentrypoints = []\n".formatted(requirement));
        assertThat(read.tool().source()).isEqualTo(source);
        assertThat(read.others()).map(ReceiptRequirement::name).containsExactly("other");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x = 1 | the table [tool] is missing",
                "[tool] | tool.requirements doesn't contain lamp-clock",
                "tool.requirements = ['lamp-clock'] | tool.entrypoints is missing",
                "tool = { requirements = 'lamp-clock' } | tool.requirements is not a list",
                "tool.requirements = ['lamp-clock<>1'] | tool.requirements[0] is `lamp-clock<>1`, which is not a"
                        + " requirement",
                "tool.requirements = [{ specifier = '>1' }] | tool.requirements[0] contains no package name",
                "tool = { requirements = ['lamp-clock'], entrypoints = [{ name = 'x' }] } | tool.entrypoints[0] needs"
                        + " a name and an absolute install-path"
            })
    void damageIsNamedWithItsPlace(String text, String what) throws IOException {
        assertThat(read(text)).isEqualTo(new UvReceipt.Found.Damaged(what));
    }

    @Test
    void aFileThatWasCutOffIsNeverReadAsAnotherTool() throws IOException {
        UvReceipt whole = well(WHOLE);
        for (int length = 0; length < WHOLE.length(); length++) {
            switch (read(WHOLE.substring(0, length))) {
                case UvReceipt.Found.Damaged(String what) -> assertThat(what).isNotBlank();
                // A table that ends early is TOML too; what stands before it was read whole.
                case UvReceipt.Found.Read(UvReceipt part) -> {
                    assertThat(part.tool()).isEqualTo(whole.tool());
                    assertThat(part.programs()).isEqualTo(whole.programs());
                }
                case UvReceipt.Found.Absent _ -> throw new AssertionError("it is there");
            }
        }
    }

    @Test
    void theCopysReceiptNamesNoLinkOfTheUserAndLosesNothing() throws IOException {
        UvReceipt read = well(WHOLE);
        String text = read.rewritten(Path.of("/stage/bin"), Optional.empty(), Optional.of("==3.0"));
        UvReceipt copy = well(text);
        assertThat(text).doesNotContain("/home/ada/.local/bin").contains("some-key-of-next-year", "P3W");
        assertThat(copy.programs())
                .map(UvReceipt.EntryPoint::installPath)
                .containsExactly(Path.of("/stage/bin/clock"), Path.of("/stage/bin/gear"));
        assertThat(copy.tool().source()).isEqualTo(new Source.Index("==3.0"));
        assertThat(copy.tool().extras()).isEqualTo(read.tool().extras());
        assertThat(copy.others()).isEqualTo(read.others());
        assertThat(copy.bounds()).isEqualTo(read.bounds());
        assertThat(copy.python()).isEqualTo(read.python());
        assertThat(copy.search()).isEqualTo(read.search());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ name = \"lamp-clock\", git = \"https://h/c?subdirectory=x&rev=v1\" } |"
                        + " https://h/c?subdirectory=x&rev=v2$",
                "{ name = \"lamp-clock\", git = \"https://h/c?tag=v1\" } | https://h/c?tag=v2$",
                "\"lamp-clock[tls] @ git+https://h/c@v1\" | lamp-clock[tls] @ git+https://h/c@v2$"
            })
    void anotherTagIsAskedForInTheFormOfTheFirst(String requirement, String expected) throws IOException {
        UvReceipt read = well("[tool]\nrequirements = [%s]\nentrypoints = []\n".formatted(requirement));
        assertThat(read.rewritten(Path.of("/b"), Optional.of("v2$"), Optional.empty()))
                .contains(expected);
    }

    /// Receipts that uv's own tests and two users' machines have, and what has to be read in them.
    @ParameterizedTest
    @CsvFileSource(resources = "receipts.tsv", delimiter = '\t', emptyValue = "", numLinesToSkip = 1)
    void whatUvItselfWroteIsReadWhole(String file, String name, String line, String with, String specifier, String more)
            throws IOException, URISyntaxException {
        Path receipt =
                Path.of(UvReceiptTest.class.getResource("receipts/" + file).toURI());
        String found = switch (UvReceipt.read(receipt, name)) {
            case UvReceipt.Found.Read(UvReceipt read) ->
                String.join(
                        "\t",
                        read.tool().line(),
                        read.others().stream().map(ReceiptRequirement::line).collect(Collectors.joining(" ")),
                        read.specifier(),
                        "%d bounds, %d programs, %s%s%s"
                                .formatted(
                                        read.bounds(),
                                        read.programs().size(),
                                        read.search().excludeNewer().orElse("no cut-off"),
                                        read.preReleases() ? ", pre-releases" : "",
                                        Stream.concat(
                                                        read.search().indexes().stream(),
                                                        read.search().defaultIndex().stream())
                                                .map(", "::concat)
                                                .collect(Collectors.joining())));
            case UvReceipt.Found.Damaged(String what) -> String.join("\t", "", "", "", what);
            case UvReceipt.Found.Absent() -> "absent";
        };
        assertThat(found).isEqualTo(String.join("\t", line, with, specifier, more));
    }

    @Test
    void noneOfThoseReceiptsIsLeftOut() throws IOException, URISyntaxException {
        try (Stream<Path> files =
                Files.list(Path.of(UvReceiptTest.class.getResource("receipts").toURI()))) {
            List<String> table = Files.readAllLines(
                    Path.of(UvReceiptTest.class.getResource("receipts.tsv").toURI()));
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .hasSize(table.size() - 1)
                    .allSatisfy(file -> assertThat(table).anyMatch(row -> row.startsWith(file + "\t")));
        }
    }

    private UvReceipt well(String text) throws IOException {
        assertThat(read(text)).isInstanceOf(UvReceipt.Found.Read.class);
        return ((UvReceipt.Found.Read) read(text)).receipt();
    }

    private UvReceipt.Found read(String text) throws IOException {
        return UvReceipt.read(Files.writeString(folder.resolve(UvReceipt.FILE), text), "lamp-clock");
    }
}
