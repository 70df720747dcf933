package dewy.itest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What can be wrong with a version, and what people are to be told of it. */
enum BadVersion {
    EXITS_AT_ONCE("exited with code 3") {
        @Override
        void publish(Registry registry, String version) throws IOException {
            registry.publishScript(version, "#!/bin/sh\necho the config is missing >&2\nexit 3\n");
        }
    },
    EXITS_WHILE_IT_BAKES("it crashed once before it had stayed up for 60s: exited with code 3") {
        @Override
        void publish(Registry registry, String version) throws IOException {
            registry.publishScript(version, endsAfter(5, 3));
        }

        @Override
        List<String> options(int port) {
            return List.of("--max-crashes", "0");
        }
    },
    IS_NEVER_READY("not ready within 5s") {
        @Override
        void publish(Registry registry, String version) throws IOException {
            registry.publishScript(version, "#!/bin/sh\nexec sleep 600\n");
        }

        @Override
        List<String> options(int port) {
            return List.of("--ready", "tcp://127.0.0.1:" + port, "--ready-timeout", "5s");
        }
    },
    CRASHES_AGAIN_AND_AGAIN("it crashed 3 times before it had stayed up for 60s: exited with code 4") {
        @Override
        void publish(Registry registry, String version) throws IOException {
            registry.publishScript(version, endsAfter(1, 4));
        }

        @Override
        List<String> options(int port) {
            return List.of("--max-crashes", "2");
        }
    },
    IS_FOR_ANOTHER_MACHINE("it was built for s390x, and this host is ") {
        @Override
        void publish(Registry registry, String version) throws IOException {
            registry.publish(version, Map.of("app", elf(), "VERSION", version));
        }
    },
    NAMES_A_MISSING_INTERPRETER("its first line names /usr/bin/pythn3, which is not there") {
        @Override
        void publish(Registry registry, String version) throws IOException {
            registry.publishScript(version, "#!/usr/bin/pythn3\n");
        }
    },
    IS_NOT_EXECUTABLE("it is not executable") {
        @Override
        void publish(Registry registry, String version) throws IOException {
            registry.publish(version, server(version), 0100644);
        }
    },
    HAS_ANOTHER_DIGEST("its digest") {
        @Override
        void publish(Registry registry, String version) throws IOException {
            Path release = Files.createDirectories(registry.folder().resolve(version));
            Files.writeString(release.resolve("app.tar.gz.sha256"), "0".repeat(64) + "  app.tar.gz\n");
            registry.publishServer(version);
        }
    },
    IS_CORRUPT("app.tar.gz") {
        @Override
        void publish(Registry registry, String version) throws IOException {
            Path whole = Registry.in(registry.folder().resolve(".whole")).publishServer(version);
            byte[] bytes = Files.readAllBytes(whole);
            Path release = Files.createDirectories(registry.folder().resolve(version));
            Path half = Files.write(release.resolve(".app.part"), Arrays.copyOf(bytes, bytes.length / 2));
            Files.move(half, release.resolve("app.tar.gz"));
        }
    };

    private final String reason;

    BadVersion(String reason) {
        this.reason = reason;
    }

    abstract void publish(Registry registry, String version) throws IOException;

    /** Returns what of it is to be told. */
    String reason() {
        return reason;
    }

    /** Returns the options by which it shows. */
    List<String> options(int port) {
        return List.of();
    }

    /** A server that serves well for a while, then answers what it accepted and ends with a failure. */
    private static String endsAfter(int seconds, int code) {
        String served = Registry.resource("apps/server.py")
                .replace(
                        "threads = []\nwhile",
                        """
                threads = []
                threading.Timer(%d, terminate).start()
                while"""
                                .formatted(seconds));
        return served + String.format(Locale.ROOT, "os._exit(%d)%n", code);
    }

    private static Map<String, String> server(String version) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("app", Registry.resource("apps/server.py"));
        files.put("VERSION", version);
        return files;
    }

    /** The header of a program for System/390, which is big-endian. */
    private static String elf() {
        byte[] header = new byte[64];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 2, 1}, 0, header, 0, 7);
        header[17] = 2;
        header[19] = 22;
        header[23] = 1;
        return new String(header, StandardCharsets.US_ASCII);
    }
}
