import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/// Updates the class files of jars that were compiled for a very old Java: `UpdateClassFiles JAR…`.
///
/// The JVM stores no class older than Java 6 in its ahead-of-time cache (JEP 483) and verifies such a class with the
/// old,
/// slow verifier at each start. The code stays the same; it only gets stack maps for the new verifier. Part of the
/// build, not of the program.
final class UpdateClassFiles {

    private static final int JAVA_7 = 51;

    private UpdateClassFiles() {}

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            update(Path.of(jar));
        }
    }

    private static void update(Path jar) throws IOException {
        Path updated = jar.resolveSibling(jar.getFileName() + ".updated");
        try (JarFile old = new JarFile(jar.toFile());
                OutputStream file = Files.newOutputStream(updated);
                JarOutputStream out = new JarOutputStream(file)) {
            ClassHierarchyResolver resolver = ClassHierarchyResolver.defaultResolver()
                    .orElse(ClassHierarchyResolver.ofResourceParsing(name -> resource(old, name)));
            ClassFile classes = ClassFile.of(
                    ClassFile.ClassHierarchyResolverOption.of(resolver), ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
            for (JarEntry entry : old.stream().toList()) {
                // Keeps the time, so that the same sources give the same jar.
                JarEntry copy = new JarEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                byte[] content = old.getInputStream(entry).readAllBytes();
                out.write(entry.getName().endsWith(".class") ? updated(classes, content) : content);
            }
        }
        Files.move(updated, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] updated(ClassFile classes, byte[] content) {
        ClassModel model = classes.parse(content);
        if (model.majorVersion() >= JAVA_7) {
            return content;
        }
        ClassTransform newer = (builder, element) ->
                builder.with(element instanceof ClassFileVersion ? ClassFileVersion.of(JAVA_7, 0) : element);
        return classes.transformClass(
                model, newer.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }

    private static InputStream resource(JarFile jar, ClassDesc name) {
        String path =
                name.descriptorString().substring(1, name.descriptorString().length() - 1) + ".class";
        try {
            JarEntry entry = jar.getJarEntry(path);
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
