package io.github.lamplighter.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Tests with a screen. One class at a time runs on this machine, also where two JVMs run tests: they wait for what
/// a toolkit or a panel draws, and each has the processor to share with one other at most.
@Tag("desktop")
@ExtendWith(OnDesktop.OneAtATime.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface OnDesktop {

    final class OneAtATime implements BeforeAllCallback {

        @Override
        public void beforeAll(ExtensionContext context) {
            context.getStore(ExtensionContext.Namespace.create(OneAtATime.class))
                    .put("lock", lock());
        }

        /// Released with the class's store.
        private static AutoCloseable lock() {
            try {
                Path folder = Files.createDirectories(Installed.CHECKOUT.resolve("target/harness"));
                FileChannel channel = FileChannel.open(
                        folder.resolve("desktop.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                channel.lock();
                return channel;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
