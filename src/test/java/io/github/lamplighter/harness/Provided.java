package io.github.lamplighter.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a field that [WithHome] sets: a static one once for all tests of the class, another one anew for each test.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Provided {}
