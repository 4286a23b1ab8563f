package io.github.lamplighter.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ModifierSupport;

/// A throw-away home for the tests of a class, and what runs in it. The class declares what it works with as
/// [Provided] fields: [ThrowAwayHome], [NpmPrefix], [UserManager], [Desktop], and the program itself, [Installed],
/// with the environment of all of these. What is not declared is not started, and all of it is taken away after the
/// test or after the last one of the class. Where no service manager can be started the tests are skipped.
@ExtendWith(WithHome.Homes.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface WithHome {

    /// Whether the home's path has a space and a letter outside ASCII.
    boolean difficultName() default false;

    /// Whether the service manager has a journal of its own, which `journalctl` reads.
    boolean journal() default false;

    /// Whether [Installed] runs its commands in one process: for a class that asks many, and whose subject is not how a
    /// command starts and ends.
    boolean inOneProcess() default false;

    /// More variables of the environment, as `NAME=value`.
    String[] variables() default {};

    final class Homes implements BeforeAllCallback, BeforeEachCallback {

        @Override
        public void beforeAll(ExtensionContext context) throws Exception {
            provide(context, null, ModifierSupport::isStatic);
        }

        @Override
        public void beforeEach(ExtensionContext context) throws Exception {
            provide(context, context.getRequiredTestInstance(), ModifierSupport::isNotStatic);
        }

        private static void provide(
                ExtensionContext context, @org.jspecify.annotations.Nullable Object test, Predicate<Field> which)
                throws Exception {
            List<Field> fields =
                    AnnotationSupport.findAnnotatedFields(context.getRequiredTestClass(), Provided.class, which);
            if (fields.isEmpty()) {
                return;
            }
            Map<Class<?>, Object> made = new Making(context, fields).all();
            for (Field field : fields) {
                field.setAccessible(true);
                field.set(test, made.get(field.getType()));
            }
        }
    }

    /// What the fields of one class, or of one test, share.
    final class Making {

        private final ExtensionContext context;
        private final List<Field> fields;
        private final WithHome wanted;
        private final Map<Class<?>, Object> made = new LinkedHashMap<>();

        private Making(ExtensionContext context, List<Field> fields) {
            this.context = context;
            this.fields = fields;
            this.wanted = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), WithHome.class)
                    .orElseThrow();
        }

        private Map<Class<?>, Object> all() {
            boolean managed = has(UserManager.class) || has(Desktop.class);
            Assumptions.assumeTrue(!managed || UserManager.isPossible(), "needs root and systemd");
            ThrowAwayHome home =
                    keep(wanted.difficultName() ? ThrowAwayHome.withDifficultName() : ThrowAwayHome.make());
            Map<String, String> more = new LinkedHashMap<>();
            if (has(NpmPrefix.class)) {
                NpmPrefix npm = NpmPrefix.withHttpServer(home);
                made.put(NpmPrefix.class, npm);
                more.putAll(npm.environment());
            }
            Map<String, String> environment = new LinkedHashMap<>(home.environment());
            if (managed) {
                UserManager manager =
                        keep(wanted.journal() ? UserManager.startWithJournal(home) : UserManager.start(home, more));
                environment = new LinkedHashMap<>(manager.environment());
                if (has(Desktop.class)) {
                    environment =
                            new LinkedHashMap<>(keep(Desktop.start(manager)).environment());
                }
            }
            environment.putAll(more);
            for (String variable : wanted.variables()) {
                String[] parts = variable.split("=", 2);
                environment.put(parts[0], parts[1]);
            }
            Installed installed = new Installed(environment);
            made.put(Installed.class, wanted.inOneProcess() ? keep(installed.inOneProcess()) : installed);
            return made;
        }

        private boolean has(Class<?> type) {
            return fields.stream().anyMatch(field -> field.getType() == type);
        }

        /// Until the context ends; what was started last is ended first.
        private <T extends AutoCloseable> T keep(T resource) {
            made.put(resource.getClass(), resource);
            context.getStore(ExtensionContext.Namespace.create(WithHome.class)).put(resource.getClass(), resource);
            return resource;
        }
    }
}
