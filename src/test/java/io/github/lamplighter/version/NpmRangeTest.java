package io.github.lamplighter.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One example for each form of an npm range. `PackageManagerAgreementIT` compares many more with node-semver itself.
class NpmRangeTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        >1.2.3;1.2.4 2.0.0;1.2.3 1.2.2 1.3.0-rc.1
        >=1.2.3;1.2.3 2.0.0;1.2.2 1.2.3-rc.1
        <1.2.3;1.2.2 0.0.0;1.2.3 1.2.3-rc.1
        <=1.2.3;1.2.3 1.2.2;1.2.4
        =1.2.3;1.2.3 1.2.3+build;1.2.4 1.2.2
        >1.2;1.3.0;1.2.0 1.2.9
        <=1.2;1.2.9;1.3.0
        <1.2;1.1.9;1.2.0
        >=1.2;1.2.0;1.1.9
        1.2.3 - 2.3.4;1.2.3 2.3.4;1.2.2 2.3.5
        1.2 - 2.3.4;1.2.0;1.1.9 2.3.5
        1.2.3 - 2.3;2.3.9;2.4.0
        1.2.3 - 2;2.9.9;3.0.0
        * - 2;0.0.1 2.9.9;3.0.0
        1.2.3 - *;1.2.3 9.0.0;1.2.2
        1.2.3-rc.1 - 2.0.0;1.2.3-rc.1 1.2.3-rc.2 2.0.0;1.2.3-beta 2.0.0-rc.1
        1.x;1.0.0 1.9.9;0.9.9 2.0.0
        1.2.*;1.2.0 1.2.9;1.1.9 1.3.0
        1;1.0.0 1.9.9;2.0.0
        ~1.2.3;1.2.3 1.2.9;1.2.2 1.3.0
        ~1.2;1.2.0 1.2.9;1.3.0
        ~1;1.0.0 1.9.9;2.0.0
        ^1.2.3;1.2.3 1.9.9;1.2.2 2.0.0 2.0.0-rc.1
        ^0.2.3;0.2.3 0.2.9;0.3.0 0.2.2
        ^0.0.3;0.0.3;0.0.4 0.0.2
        ^0.0;0.0.0 0.0.9;0.1.0
        ^0;0.0.1 0.9.9;1.0.0
        ^0.x;0.5.0;1.0.0
        ^1.x;1.0.0 1.9.0;2.0.0
        ^1.2.3-rc.2;1.2.3-rc.2 1.2.3 1.9.0;1.2.3-rc.1 1.3.0-rc.3
        >=1.2.3 <1.3;1.2.3 1.2.9;1.3.0 1.2.2
        >= 1.2.3 < 1.3;1.2.3;1.3.0
        ~ 1.2.3;1.2.9;1.3.0
        ^ 1.2.3;1.9.0;2.0.0
        ^18.12 || >=20.9;18.12.0 20.9.0 22.0.0;18.11.0 19.0.0 20.8.0
        <1.0.0 || >=2.0.0 <2.0.5;0.9.0 2.0.4;1.0.0 2.0.5
        >1.0.0 <1.0.0;;1.0.0 0.9.0 1.1.0
        <*;;0.0.0 1.0.0
        >*;;0.0.0 1.0.0
        >=*;0.0.0 1.0.0;1.0.0-rc.1
        *;0.0.0 9.9.9;1.0.0-rc.1
        """)
    void containsWhatNodeSemverSays(String range, String inside, String outside) {
        VersionRange parsed = VersionRange.npm(range).orElseThrow();
        assertThat(versions(inside)).allMatch(parsed::accepts);
        assertThat(versions(outside)).noneMatch(parsed::accepts);
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3, 1.2.3-rc.1, false",
        ">=1.2, 1.2.0-rc.1, true",
        "1.2 - 2.3.4, 2.3.4-rc.1, true",
        "1.2 - 2.3.4, 2.3.5-rc.1, false",
        "^1.2, 1.2.0-rc.1, true",
        "<2, 2.0.0-rc.1, false",
        ">=20, 20.0.0-nightly, true"
    })
    void enginesCountPreReleases(String range, String version, boolean inside) {
        assertThat(VersionRange.engines(range).orElseThrow().accepts(parse(version)))
                .isEqualTo(inside);
    }

    @Test
    void aVersionThatIsWrittenDifferentlyIsTheSame() {
        assertThat(parse("v1.0.0").isSameAs(parse("1.0.0+build"))).isTrue();
        assertThat(parse("1.0.0").isSameAs(parse("1.0.1"))).isFalse();
        assertThat(parse("1.0.0").isSameAs(Version.parse(Version.Scheme.NUMERIC, "1.0.0")))
                .isFalse();
        assertThat(Version.parse(Version.Scheme.NUMERIC, "1.0").isSameAs(Version.parse(Version.Scheme.NUMERIC, "1")))
                .isTrue();
        assertThat(Version.parse(Version.Scheme.PEP440, "1.0-rc1")
                        .isSameAs(Version.parse(Version.Scheme.PEP440, "1.0rc1")))
                .isTrue();
        assertThat(parse("nightly").isSameAs(parse("nightly"))).isTrue();
        assertThat(parse("nightly").isSameAs(parse("stable"))).isFalse();
    }

    private static List<Version> versions(@org.jspecify.annotations.Nullable String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split(" ")).map(NpmRangeTest::parse).toList();
    }

    private static Version parse(String text) {
        return Version.parse(Version.Scheme.SEMVER, text);
    }
}
