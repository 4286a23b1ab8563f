package io.github.lamplighter.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// Output of a command that runs in the demo. Command lines of Lamplighter in it get the word `demo`, so that they do
/// what they say also when they are copied to a terminal outside of the demo.
public final class DemoCommandLines extends FilterOutputStream {

    /// A name that is followed by an option or a version is no command line; neither are `demo` and what is not
    /// available in it.
    private static final Pattern COMMAND_LINE = Pattern.compile("(?<![\\w./~-])lamplighter (?="
            + "(?:doctor|status|explain|ignore|unignore|report|list|add|forget|manifest|outdated|upgrade|rollback"
            + "|recover|history|service|start|stop|restart|logs|open|settings|activity)\\b)");

    public DemoCommandLines(OutputStream out) {
        super(out);
    }

    /// A print stream passes on whole texts, so no command line is split.
    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(in(new String(bytes, from, length, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
    }

    static String in(String text) {
        return text.contains("lamplighter ") ? COMMAND_LINE.matcher(text).replaceAll("lamplighter demo ") : text;
    }
}
