package io.github.lamplighter.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionOrderTest {

    /// The order of the examples in PEP 440, with a local version and a number beyond 64 bits.
    private static final List<String> PYTHON = List.of(
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1",
            "1.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.0.15",
            "1.1.dev1",
            "1.1",
            "99999999999999999999999",
            "1!0.1");

    /// The order of the examples in Semantic Versioning 2.0.0, item 11.
    private static final List<String> NODE = List.of(
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "2.0.0",
            "2.1.0",
            "2.1.1",
            "2.1.99999999999999999999999");

    @Test
    void pep440OrdersItsOwnExamples() {
        assertAscending(
                PYTHON.stream().map(text -> Pep440.parse(text).orElseThrow()).toList());
    }

    @Test
    void semVerOrdersItsOwnExamples() {
        assertAscending(
                NODE.stream().map(text -> SemVer.parse(text).orElseThrow()).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, 1.0.0",
        "v1.0, 1.0",
        "1.0-RC.1, 1.0rc1",
        "1.0-1, 1.0.post1",
        "1.0.alpha, 1.0a0",
        "1.0+Ubuntu-1, 1.0+ubuntu.1",
        "1.0c1, 1.0rc1",
        "1.0.rev2, 1.0.post2",
        "01.02, 1.2"
    })
    void spellingsOfOnePythonVersionAreEqual(String one, String other) {
        assertThat(Pep440.parse(one).orElseThrow())
                .isEqualByComparingTo(Pep440.parse(other).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"1.0-rc.1, false", "1.0.dev1, false", "1.0.post1, true", "1.0+x, true"})
    void aPreReleaseIsNotFinal(String version, boolean isFinal) {
        assertThat(Version.parse(Version.Scheme.PEP440, version).isFinal()).isEqualTo(isFinal);
    }

    @Test
    void whatNoSchemeCanReadIsOpaque() {
        assertThat(Version.parse(Version.Scheme.PEP440, "latest")).isEqualTo(new OpaqueVersion("latest"));
        assertThat(Version.parse(Version.Scheme.SEMVER, "1.2")).isEqualTo(new OpaqueVersion("1.2"));
        assertThat(Version.parse(Version.Scheme.SEMVER, "1.02.3")).isEqualTo(new OpaqueVersion("1.02.3"));
    }

    @Test
    void orderIsAntisymmetricAndTransitiveForManyVersions() {
        assertOrder(random -> Pep440.parse(python(random)).orElseThrow());
        assertOrder(random -> SemVer.parse(node(random)).orElseThrow());
    }

    @Test
    void aNormalisedVersionIsEqualToWhatWasWrittenAndNormalAlready() {
        Random random = new Random(440);
        for (int i = 0; i < 2_000; i++) {
            Pep440 version = Pep440.parse(python(random)).orElseThrow();
            Pep440 normal = Pep440.parse(version.normalised()).orElseThrow();
            assertThat(normal).isEqualByComparingTo(version);
            assertThat(normal.normalised()).isEqualTo(version.normalised());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                ">=3.8; 3.13.5; true", ">=3.8,<4; 3.7.9; false", "!=3.9.*; 3.9.2; false", "~=3.11; 3.13; true",
                "~=3.11.2; 3.12; false", "==3.11.*; 3.11.7; true", ">=3.11; 3.11.0rc1; false",
                        "<3.12; 3.12.0rc1; false",
                "==1.0; 1.0+local; true", ">1.0; 1.0.post1; false", "; 3.1; true"
            })
    void pythonRanges(String range, String version, boolean accepted) {
        VersionRange parsed = VersionRange.pep440(range == null ? "" : range).orElseThrow();
        assertThat(parsed.accepts(Version.parse(Version.Scheme.PEP440, version)))
                .isEqualTo(accepted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                ">=18; 20.20.2; true",
                ">= 18.0.0; 16.0.0; false",
                "^18.18.0 || >=20; 19.0.0; false",
                "^18.18.0 || >=20; 18.20.1; true",
                "20.x; 20.1.2; true",
                "~20.1; 20.2.0; false",
                "*; 0.1.0; true",
                "12 - 14; 14.9.9; true",
                "12 - 14; 15.0.0; false",
                "^0.2.3; 0.3.0; false",
                ">=20 <23; 22.1.0; true",
                ">=20 <23; 23.0.0; false",
                "<=20; 20.9.0; true",
                ">20; 20.9.0; false"
            })
    void nodeRanges(String range, String version, boolean accepted) {
        VersionRange parsed = VersionRange.npm(range).orElseThrow();
        assertThat(parsed.accepts(Version.parse(Version.Scheme.SEMVER, version)))
                .isEqualTo(accepted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                ">=3.2; tmux 3.4a; true",
                ">=3.2; tmux 2.9a; false",
                ">=2.39.5.1; git version 2.39.5.2.windows.1; true",
                ">=2.39.5.1; git version 2.39.5; false",
                ">=3.11,<4; 3.13.5; true",
                ">=3.11,<4; 4.0; false",
                "^20 || >=22.3; 21; false",
                "^20 || >=22.3; 22.3.0.1; true",
                "^20.3; 20.2; false",
                "~1.2.3; 1.2.9; true",
                "~1.2.3; 1.3; false",
                "~=1.2.3; 1.2.9; true",
                "~=1.2; 2.0; false",
                "18.x; 18.20.1; true",
                "18.x; 19; false",
                "!=3.9; 3.9.2; false",
                "==3; v3.0.1; true",
                "*; 0; true",
                "> 1.2; 1.2.0; false",
                "<=1.2; 1.2.0.0; true",
                ">=20231122123456; build 20231122123457; true",
                ">=20231122123456; build 20231122123455; false",
            })
    void rangesOfPrograms(String range, String said, boolean accepted) {
        assertThat(VersionRange.numeric(range).orElseThrow().contains(Version.parse(Version.Scheme.NUMERIC, said)))
                .contains(accepted);
    }

    @ParameterizedTest
    @CsvSource({"latest", "3 or 4", ">=x.y", "1 || new"})
    void whatHasNoNumbersIsNoRangeOfAProgram(String range) {
        assertThat(VersionRange.numeric(range)).isEmpty();
    }

    /// JEP 223: a Java has as many numbers as it needs.
    @ParameterizedTest
    @CsvSource({
        "25, true",
        "25.0.5, true",
        "25.0.5.1, true",
        "25.0.4+7-LTS, true",
        "25.0.5.1+1-Debian-1deb13u1, true",
        "26-ea, true",
        "25-ea, false",
        "24.0.2, false",
        "21.0.9.1, false",
        "1.8.0_392, false",
    })
    void aJavaHasAnyNumberOfParts(String java, boolean accepted) {
        assertThat(VersionRange.numeric(">=25").orElseThrow().contains(Version.parse(Version.Scheme.JAVA, java)))
                .contains(accepted);
    }

    @Test
    void aVersionThatCannotBeReadIsNeitherInNorOut() {
        assertThat(contains(VersionRange.numeric(">=25"), Version.Scheme.JAVA, "abc"))
                .isEmpty();
        assertThat(contains(VersionRange.numeric("*"), Version.Scheme.NUMERIC, "no version"))
                .isEmpty();
        assertThat(contains(VersionRange.npm(">=20"), Version.Scheme.SEMVER, "22.11.0.1"))
                .isEmpty();
        assertThat(contains(VersionRange.pep440(">=3.9"), Version.Scheme.PEP440, "3.11.4+"))
                .isEmpty();
        assertThat(contains(VersionRange.pep440("===nightly"), Version.Scheme.PEP440, "nightly"))
                .contains(true);
        assertThat(contains(VersionRange.pep440(">=3.9"), Version.Scheme.PEP440, "3.8"))
                .contains(false);
    }

    private static Optional<Boolean> contains(Optional<VersionRange> range, Version.Scheme scheme, String version) {
        return range.orElseThrow().contains(Version.parse(scheme, version));
    }

    /// At and beside its bounds.
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        PEP440; ==3.*; 3.9; 2.7
        PEP440; ==1.2.*; 1.2.9; 1.3
        PEP440; ==1!2.*; 1!2.1; 2.1
        PEP440; !=3.9.*; 3.10; 3.9.2
        PEP440; ~=1.4; 1.4; 1.3
        PEP440; ~=1.4; 1.9; 2.0
        PEP440; ~=1.4.2; 1.4.2; 1.5
        NUMERIC; <=3.2; 3.2; 3.3
        NUMERIC; ^20; 20; 21
        NUMERIC; ^20.1; 20.1; 20.0.9
        NUMERIC; ~18.2; 18.2.9; 18.3
        NUMERIC; ~=3.2; 3.2; 4.0
        """)
    void aRangeContains(Version.Scheme scheme, String range, String inside, String outside) {
        VersionRange parsed = (scheme == Version.Scheme.PEP440
                        ? VersionRange.pep440(range)
                        : VersionRange.numeric(range))
                .orElseThrow();
        assertThat(parsed.accepts(Version.parse(scheme, inside))).as(inside).isTrue();
        assertThat(parsed.accepts(Version.parse(scheme, outside))).as(outside).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1.2.3-01", "^1.2.3-a..b", ">=1.2.3-.", "1.2.3-", "latest", "1.2.3 || >=x.y", "git+https://h/x"})
    void whatNpmCannotReadIsNoRange(String range) {
        assertThat(VersionRange.npm(range)).isEmpty();
    }

    private static <T extends Comparable<T>> void assertOrder(Function<Random, T> make) {
        Random random = new Random(20261123);
        List<T> versions = Stream.generate(() -> make.apply(random)).limit(120).toList();
        for (T a : versions) {
            assertThat(a).isEqualByComparingTo(a);
            for (T b : versions) {
                if (a.equals(b)) {
                    assertThat(a).isEqualByComparingTo(b).hasSameHashCodeAs(b);
                }
                assertThat(Integer.signum(a.compareTo(b))).isEqualTo(-Integer.signum(b.compareTo(a)));
                for (T c : versions) {
                    if (a.compareTo(b) <= 0 && b.compareTo(c) <= 0) {
                        assertThat(a.compareTo(c)).isLessThanOrEqualTo(0);
                    }
                    if (a.compareTo(b) == 0) {
                        assertThat(Integer.signum(a.compareTo(c))).isEqualTo(Integer.signum(b.compareTo(c)));
                    }
                }
            }
        }
    }

    private static String python(Random random) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(8) == 0) {
            text.append(random.nextInt(2)).append('!');
        }
        text.append(number(random, 3));
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append('.').append(number(random, 2));
        }
        if (random.nextInt(3) == 0) {
            text.append(List.of("a", "b", "rc", ".alpha", "-beta", "_c").get(random.nextInt(6)))
                    .append(random.nextInt(2));
        }
        if (random.nextInt(3) == 0) {
            text.append(List.of(".post", "-", ".r", "rev").get(random.nextInt(4)))
                    .append(random.nextInt(2));
        }
        if (random.nextInt(3) == 0) {
            text.append(".dev").append(random.nextInt(2));
        }
        if (random.nextInt(3) == 0) {
            text.append(List.of("+a", "+1", "+a.1", "+1.a", "+1.2").get(random.nextInt(5)));
        }
        return text.toString();
    }

    /// Small ones, so that many are equal, and now and then one that no `long` holds.
    private static String number(Random random, int bound) {
        return random.nextInt(12) == 0 ? "1844674407370955161" + (60 + random.nextInt(2)) : "" + random.nextInt(bound);
    }

    /// A version lies in `==` of itself and in `>=` and `<=` of itself, and on one side of every other.
    @Test
    void rangesAgreeWithTheOrder() {
        Random random = new Random(508);
        for (int i = 0; i < 3_000; i++) {
            Pep440 bound = Pep440.parse(python(random)).orElseThrow().withoutLocal();
            Pep440 version = Pep440.parse(python(random)).orElseThrow().withoutLocal();
            String text = bound.normalised();
            int order = version.compareTo(bound);
            assertThat(accepts("==" + text, version)).isEqualTo(order == 0);
            assertThat(accepts("!=" + text, version)).isEqualTo(order != 0);
            assertThat(accepts(">=" + text, version)).isEqualTo(order >= 0);
            assertThat(accepts("<=" + text, version)).isEqualTo(order <= 0);
            assertThat(accepts(">" + text, version) && order <= 0).isFalse();
            assertThat(accepts("<" + text, version) && order >= 0).isFalse();
        }
    }

    private static boolean accepts(String range, Pep440 version) {
        return VersionRange.pep440(range).orElseThrow().accepts(version);
    }

    @ParameterizedTest
    @CsvSource({"~=1", ">=1.*", "~=1.*", "<1.0+local", ">=1.0+local", "==1.dev1.*", "=>1", ">= ", "1.0 beta"})
    void whatTheSpecificationForbidsIsNoRange(String range) {
        assertThat(VersionRange.pep440(range)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        ">=2.0rc1, true", "==2.0.dev1, true", "===2.0b1, true", "~=2.0rc1, true",
        "<3.0a1, false", "!=2.0rc1, false", ">=2.0, false", "===nightly, false"
    })
    void aBoundThatIsAPreReleaseAsksForPreReleases(String range, boolean names) {
        assertThat(VersionRange.pep440(range).orElseThrow().namesPreRelease()).isEqualTo(names);
    }

    @Test
    void threeEqualSignsCompareText() {
        assertThat(accepts("===1.0", Pep440.parse("1.0").orElseThrow())).isTrue();
        assertThat(accepts("===1.0", Pep440.parse("1.0.0").orElseThrow())).isFalse();
        assertThat(VersionRange.pep440("===nightly").orElseThrow().accepts(new OpaqueVersion("Nightly")))
                .isTrue();
    }

    private static String node(Random random) {
        StringBuilder text = new StringBuilder()
                .append(number(random, 2))
                .append('.')
                .append(number(random, 2))
                .append('.')
                .append(number(random, 2));
        if (random.nextInt(2) == 0) {
            List<String> identifiers = new ArrayList<>(List.of("alpha", "1", "0", "rc", "x-1", "22"));
            text.append('-').append(identifiers.get(random.nextInt(6)));
            if (random.nextBoolean()) {
                text.append('.').append(identifiers.get(random.nextInt(6)));
            }
        }
        return text.append(random.nextInt(4) == 0 ? "+build.7" : "").toString();
    }

    private static <T extends Comparable<T>> void assertAscending(List<T> versions) {
        for (int i = 0; i < versions.size(); i++) {
            for (int j = 0; j < versions.size(); j++) {
                assertThat(Integer.signum(versions.get(i).compareTo(versions.get(j))))
                        .as("%s and %s", versions.get(i), versions.get(j))
                        .isEqualTo(Integer.signum(Integer.compare(i, j)));
            }
        }
    }
}
