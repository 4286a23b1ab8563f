package io.github.lamplighter.platform.launchd;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads an XML property list; a binary one is not supported.
///
/// @param values strings, integers as their text, booleans, lists and maps
record PlistReader(Map<String, Object> values) {

    private static final int LIMIT = 1 << 20;

    static Optional<PlistReader> read(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) < LIMIT
                    ? parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<PlistReader> parse(String text) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        // No document type or external entity is loaded.
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(text));
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("dict")) {
                    return Optional.of(new PlistReader(dictionary(xml)));
                }
            }
            return Optional.empty();
        } catch (XMLStreamException e) {
            return Optional.empty();
        }
    }

    Optional<String> text(String key) {
        return values.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    Optional<Path> path(String key) {
        return text(key).filter(text -> text.startsWith("/")).map(Path::of);
    }

    OptionalInt number(String key) {
        return text(key).filter(text -> text.matches("\\d{1,5}")).stream()
                .mapToInt(Integer::parseInt)
                .findFirst();
    }

    boolean isTrue(String key) {
        return Boolean.TRUE.equals(values.get(key));
    }

    /// The program and its arguments. If `Program` is set it is started, and the first argument is only its
    /// displayed name.
    List<String> argv() {
        List<String> argv = texts("ProgramArguments");
        return Stream.concat(
                        text("Program").or(() -> argv.stream().findFirst()).stream(),
                        argv.stream().skip(1))
                .toList();
    }

    /// A key with one text or several.
    List<String> texts(String key) {
        return switch (values.get(key)) {
            case String text -> List.of(text);
            case List<?> list ->
                list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList();
            case null, default -> List.of();
        };
    }

    /// The texts of a map.
    Map<String, String> map(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (values.get(key) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (name instanceof String word && value instanceof String text) {
                    texts.put(word, text);
                }
            });
        }
        return texts;
    }

    private static Map<String, Object> dictionary(XMLStreamReader xml) throws XMLStreamException {
        Map<String, Object> values = new LinkedHashMap<>();
        String key = "";
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            if (xml.getLocalName().equals("key")) {
                key = xml.getElementText();
            } else {
                values.put(key, value(xml));
            }
        }
        return values;
    }

    private static Object value(XMLStreamReader xml) throws XMLStreamException {
        return switch (xml.getLocalName()) {
            case "dict" -> dictionary(xml);
            case "array" -> {
                List<Object> list = new ArrayList<>();
                while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
                    list.add(value(xml));
                }
                yield list;
            }
            case "true", "false" -> {
                Boolean flag = Boolean.valueOf(xml.getLocalName());
                xml.nextTag();
                yield flag;
            }
            default -> xml.getElementText();
        };
    }
}
