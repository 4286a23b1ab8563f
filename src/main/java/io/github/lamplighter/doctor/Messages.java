package io.github.lamplighter.doctor;

import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;

/// The doctor's sentences, from `messages.properties`. `{0}`, `{1}` stand for words; nothing else is
/// special, so that an apostrophe is an apostrophe.
final class Messages {

    private static final ResourceBundle BUNDLE =
            ResourceBundle.getBundle("io.github.lamplighter.doctor.messages", Locale.ROOT);

    private Messages() {}

    static String text(String key, Object... words) {
        String text = BUNDLE.getString(key);
        for (int i = 0; i < words.length; i++) {
            text = text.replace("{" + i + "}", String.valueOf(words[i]));
        }
        return text;
    }

    static Optional<String> ifPresent(String key, Object... words) {
        return BUNDLE.containsKey(key) ? Optional.of(text(key, words)) : Optional.empty();
    }
}
