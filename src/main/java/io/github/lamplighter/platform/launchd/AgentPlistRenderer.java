package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.file.Digest;
import io.github.lamplighter.service.ServiceDefinition;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Writes the text of an agent's property list, launchd.plist(5). launchd splits and expands nothing, so
/// values need no quoting except XML's.
final class AgentPlistRenderer {

    /// The start of the comment in every file that Lamplighter writes.
    private static final String MARK = " Written by Lamplighter";

    private static final String SUM = "<!-- Sum ";
    private static final String DECLARATION = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        """;

    /// The seconds between two starts, as in our systemd units.
    private static final int THROTTLE = 5;

    private AgentPlistRenderer() {}

    /// The program that an agent of Lamplighter's own starts: the last argument, for a shell that first looks for it.
    static Optional<Path> program(Optional<String> text) {
        return text.flatMap(PlistReader::parse)
                .map(list -> list.texts("ProgramArguments"))
                .filter(argv -> !argv.isEmpty())
                .map(argv -> Path.of(argv.getLast()));
    }

    static boolean isOurs(String text) {
        return text.contains("<!--" + MARK);
    }

    /// Whether the checksum at the end of a file of ours does not match the text before it.
    static boolean isChangedByHand(String text) {
        int at = text.lastIndexOf(SUM);
        return isOurs(text) && (at < 0 || !text.substring(at).equals(SUM + sum(text.substring(0, at)) + " -->\n"));
    }

    /// @param argv the command line; with an environment file it is Lamplighter, which reads that file
    /// @param log the file for both streams
    /// @param background whether it is for sessions without a screen (SSH) instead of the desktop
    static String render(ServiceDefinition definition, String label, List<String> argv, Path log, boolean background) {
        return render(
                " for %s. To see changes made by hand: lamplighter service diff %s"
                        .formatted(definition.name(), definition.name()),
                values(definition, label, argv, log, background));
    }

    /// @param comment what follows the mark that Lamplighter wrote the file; without two hyphens in a row
    static String render(String comment, Map<String, Object> values) {
        StringWriter text = new StringWriter();
        text.append(DECLARATION);
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeComment(MARK + comment + " ");
            xml.writeCharacters("\n");
            xml.writeStartElement("plist");
            xml.writeAttribute("version", "1.0");
            xml.writeCharacters("\n");
            new Writer(xml).dictionary(0, values);
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeCharacters("\n");
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a string takes every character", e);
        }
        return text + SUM + sum(text.toString()) + " -->\n";
    }

    private static Map<String, Object> values(
            ServiceDefinition definition, String label, List<String> argv, Path log, boolean background) {
        Map<String, String> environment = new TreeMap<>(definition.environment());
        environment.put("PATH", definition.path());
        Map<String, Object> values = new TreeMap<>();
        values.put("Label", label);
        values.put("ProgramArguments", argv);
        values.put("EnvironmentVariables", environment);
        values.put("WorkingDirectory", definition.workingDirectory().toString());
        values.put("RunAtLoad", true);
        values.put("KeepAlive", Map.of("SuccessfulExit", false));
        values.put("ThrottleInterval", THROTTLE);
        values.put("ExitTimeOut", definition.stopTimeoutSeconds());
        values.put("ProcessType", "Standard");
        values.put("StandardOutPath", log.toString());
        values.put("StandardErrorPath", log.toString());
        definition.killMode().filter("process"::equals).ifPresent(_ -> values.put("AbandonProcessGroup", true));
        if (background) {
            values.put("LimitLoadToSessionType", "Background");
        }
        return values;
    }

    private record Writer(XMLStreamWriter xml) {

        void dictionary(int depth, Map<?, ?> values) throws XMLStreamException {
            xml.writeStartElement("dict");
            List<Map.Entry<?, ?>> entries = new ArrayList<>(values.entrySet());
            for (Map.Entry<?, ?> entry : entries) {
                line(depth + 1);
                element("key", entry.getKey().toString());
                line(depth + 1);
                value(depth + 1, entry.getValue());
            }
            line(depth);
            xml.writeEndElement();
        }

        private void value(int depth, Object value) throws XMLStreamException {
            switch (value) {
                case Map<?, ?> map -> dictionary(depth, map);
                case Boolean flag -> xml.writeEmptyElement(flag.toString());
                case Integer number -> element("integer", number.toString());
                case List<?> list -> {
                    xml.writeStartElement("array");
                    for (Object element : list) {
                        line(depth + 1);
                        value(depth + 1, element);
                    }
                    line(depth);
                    xml.writeEndElement();
                }
                default -> element("string", value.toString());
            }
        }

        private void element(String name, String text) throws XMLStreamException {
            xml.writeStartElement(name);
            xml.writeCharacters(text);
            xml.writeEndElement();
        }

        private void line(int depth) throws XMLStreamException {
            xml.writeCharacters("\n" + "\t".repeat(depth));
        }
    }

    private static String sum(String text) {
        return Digest.hex(text, 8);
    }
}
