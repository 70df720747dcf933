package dewy.itest;

import dewy.tck.BundleContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Nested;

/** The bundles of the plugins, as they are in the launcher's jar. A new plugin adds a class. */
class PluginBundlesIT {
    @Nested
    class FileRegistry extends Embedded {
        FileRegistry() {
            super("dewy.registry.file");
        }
    }

    @Nested
    class GitHubRegistry extends Embedded {
        GitHubRegistry() {
            super("dewy.registry.github", "jackson-core");
        }
    }

    @Nested
    class HttpArtifact extends Embedded {
        HttpArtifact() {
            super("dewy.artifact.http");
        }
    }

    @Nested
    class FileCache extends Embedded {
        FileCache() {
            super("dewy.cache.file");
        }
    }

    @Nested
    class LogNotifier extends Embedded {
        LogNotifier() {
            super("dewy.notifier.log");
        }
    }

    @Nested
    class SlackNotifier extends Embedded {
        SlackNotifier() {
            super("dewy.notifier.slack", "jackson-core");
        }
    }

    @Nested
    class ProcessRuntime extends Embedded {
        ProcessRuntime() {
            super("dewy.runtime.process", "dewy.posix");
        }
    }

    /** A bundle inside the launcher's jar, and those that it needs. */
    private abstract static class Embedded extends BundleContract {
        private final String name;
        private final List<String> needed;

        Embedded(String name, String... needed) {
            this.name = name;
            this.needed = List.of(needed);
        }

        @Override
        protected Path bundle() throws IOException {
            return jar(name);
        }

        @Override
        protected List<Path> companions() throws IOException {
            List<Path> jars = new ArrayList<>();
            for (String one : needed) {
                jars.add(jar(one));
            }
            return jars;
        }

        private Path jar(String bundle) throws IOException {
            Path copy = storage.resolve(bundle + ".jar");
            if (Files.notExists(copy)) {
                try (JarFile launcher = new JarFile(AgentProcess.jar().toFile())) {
                    Files.copy(launcher.getInputStream(launcher.getEntry("bundles/" + bundle + ".jar")), copy);
                }
            }
            return copy;
        }
    }
}
