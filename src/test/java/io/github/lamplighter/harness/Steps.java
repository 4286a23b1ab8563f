package io.github.lamplighter.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/// Tests of one machine that run in the order of their `@Order`. A step that builds on another says so with [On]. It is
/// skipped, with that step's name, unless that one passed; all others run. So a failure is seen once, and hides no
/// other.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(Steps.Record.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Steps {

    /// The names of the tests that have to pass before this one.
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface On {
        String[] value();
    }

    final class Record implements BeforeEachCallback, AfterTestExecutionCallback {

        @Override
        public void beforeEach(ExtensionContext context) {
            List<String> needed = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), On.class)
                    .map(on -> List.of(on.value()))
                    .orElse(List.of());
            List<String> steps = Arrays.stream(context.getRequiredTestClass().getDeclaredMethods())
                    .map(Method::getName)
                    .toList();
            for (String step : needed) {
                if (!steps.contains(step)) {
                    throw new IllegalStateException("there is no step " + step);
                }
                Assumptions.assumeTrue(passed(context).contains(step), "builds on " + step + ", which did not pass");
            }
        }

        @Override
        public void afterTestExecution(ExtensionContext context) {
            if (context.getExecutionException().isEmpty()) {
                passed(context).add(context.getRequiredTestMethod().getName());
            }
        }

        @SuppressWarnings("unchecked")
        private static Set<String> passed(ExtensionContext context) {
            return context.getParent()
                    .orElseThrow()
                    .getStore(ExtensionContext.Namespace.create(Steps.class))
                    .computeIfAbsent("passed", _ -> ConcurrentHashMap.newKeySet(), Set.class);
        }
    }
}
