package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Voice;
import io.github.lamplighter.release.Verdict;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

/// The texts of the findings keep the rules of the writing style.
class MessagesTest {

    private static final int LONGEST_TITLE = 60;

    private final ResourceBundle bundle =
            ResourceBundle.getBundle("io.github.lamplighter.doctor.messages", Locale.ROOT);

    @Test
    void everyTextKeepsTheRulesOfTheVoice() {
        for (String key : Collections.list(bundle.getKeys())) {
            assertThat(Voice.faults(bundle.getString(key))).as(key).isEmpty();
        }
    }

    @Test
    void titlesAndRemediesAreLabelsAndTheRestAreSentences() {
        for (String key : Collections.list(bundle.getKeys())) {
            String text = bundle.getString(key);
            if (key.endsWith(".effect") || key.endsWith(".explain")) {
                assertThat(text).as(key).endsWith(".");
            } else {
                assertThat(text).as(key).doesNotEndWith(".");
            }
            if (key.endsWith(".title")) {
                assertThat(text).as(key).hasSizeLessThanOrEqualTo(LONGEST_TITLE);
            }
        }
    }

    @Test
    void textsAreInSentenceCase() {
        for (String key : Collections.list(bundle.getKeys())) {
            assertThat(bundle.getString(key)).as(key).matches("(?s)(?:[A-Z0-9{]|localhost\\b).*");
        }
    }

    @Test
    void everyGapHasItsOwnTitle() {
        assertThat(Arrays.stream(Verdict.UncheckableReason.values())
                        .map(uncheckableReason -> "update." + uncheckableReason.word() + ".title"))
                .allSatisfy(key -> assertThat(bundle.containsKey(key)).as(key).isTrue());
        assertThat(Arrays.stream(Verdict.UncheckableReason.values())
                        .map(uncheckableReason -> bundle.getString("update." + uncheckableReason.word() + ".title")))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyCheckIsExplained() {
        for (String id : List.copyOf(DiagnoseTool.ids())) {
            assertThat(DiagnoseTool.explanation(id)).as(id).isPresent();
        }
    }
}
