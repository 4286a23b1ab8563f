package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.release.Verdict;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

class MessagesTest {

    private final ResourceBundle bundle =
            ResourceBundle.getBundle("io.github.lamplighter.doctor.messages", Locale.ROOT);

    @Test
    void noSentenceUsesAWordThatBlamesOrShouts() {
        for (String key : Collections.list(bundle.getKeys())) {
            assertThat(bundle.getString(key))
                    .as(key)
                    .doesNotContainPattern(
                            "(?i)\\b(please|sorry|oops|failed|failure|error|invalid|unable|successfully|drift|outdated|"
                                    + "provenance|rolled back|ignored|suppressed|unknown)\\b")
                    .doesNotContain("!");
        }
    }

    @Test
    void titlesAreShortAndHaveNoFullStop() {
        for (String key : Collections.list(bundle.getKeys())) {
            if (key.endsWith(".title")) {
                assertThat(bundle.getString(key))
                        .as(key)
                        .hasSizeLessThanOrEqualTo(60)
                        .doesNotEndWith(".");
            } else if (key.endsWith(".effect") || key.endsWith(".explain")) {
                assertThat(bundle.getString(key)).as(key).endsWith(".");
            }
        }
    }

    @Test
    void everyGapHasItsOwnTitle() {
        assertThat(Arrays.stream(Verdict.Gap.values()).map(gap -> "update." + gap.word() + ".title"))
                .allSatisfy(key -> assertThat(bundle.containsKey(key)).as(key).isTrue());
        assertThat(Arrays.stream(Verdict.Gap.values()).map(gap -> bundle.getString("update." + gap.word() + ".title")))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyCheckIsExplained() {
        for (String id : List.copyOf(DiagnoseTool.ids())) {
            assertThat(DiagnoseTool.explanation(id)).as(id).isPresent();
        }
    }
}
