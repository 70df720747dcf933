package dewy.itest;

import dewy.tck.ServerProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Caches that are no folder, swapped under load. */
class CachesSwapIT {
    /** A loop with one more option. */
    abstract static class Cached extends SwapLoop {
        Cached() throws IOException {}

        abstract String cache() throws IOException;

        @Override
        public List<String> options() throws IOException {
            List<String> options = new ArrayList<>(super.options());
            options.addAll(List.of("--cache", cache()));
            return options;
        }
    }

    @Nested
    class InMemory extends Cached {
        InMemory() throws IOException {}

        @Override
        List<String> plugins() {
            return List.of("dewy.cache.memory");
        }

        @Override
        String cache() {
            return "memory:?max-size=10MB";
        }
    }

    @Nested
    class InRedis extends Cached {
        @TempDir
        Path place;

        private final int port = ServerProgram.freePort();
        private AutoCloseable server = () -> {};

        InRedis() throws IOException {}

        @BeforeEach
        void start() throws IOException {
            String[] arguments = {"--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", ""};
            server = ServerProgram.start(place, port, "redis-server", arguments);
        }

        @AfterEach
        void stop() throws Exception {
            server.close();
        }

        @Override
        List<String> plugins() {
            return List.of("dewy.cache.redis");
        }

        @Override
        String cache() {
            return "redis://127.0.0.1:" + port;
        }
    }

    @Nested
    class InConsul extends Cached {
        @TempDir
        Path place;

        private final int port = ServerProgram.freePort();
        private AutoCloseable server = () -> {};

        InConsul() throws IOException {}

        @BeforeEach
        void start() throws IOException {
            server = SharedCacheIT.startConsul(place, port);
        }

        @AfterEach
        void stop() throws Exception {
            server.close();
        }

        @Override
        List<String> plugins() {
            return List.of("dewy.cache.consul");
        }

        @Override
        String cache() {
            return "consul://127.0.0.1:" + port;
        }
    }
}
