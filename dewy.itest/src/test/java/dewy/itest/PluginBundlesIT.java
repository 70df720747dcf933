package dewy.itest;

import dewy.api.InvalidException;
import dewy.launcher.agent.LauncherJar;
import dewy.launcher.bundle.IndexedBundle;
import dewy.tck.BundleContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
            super("dewy.registry.github", "com.fasterxml.jackson.core.jackson-core");
        }
    }

    @Nested
    class S3Registry extends Embedded {
        S3Registry() {
            super("dewy.registry.s3");
        }
    }

    @Nested
    class GrpcRegistry extends Embedded {
        GrpcRegistry() {
            super("dewy.registry.grpc");
        }
    }

    @Nested
    class GcsRegistry extends Embedded {
        GcsRegistry() {
            super("dewy.registry.gcs", "com.fasterxml.jackson.core.jackson-core");
        }
    }

    @Nested
    class OciRegistry extends Embedded {
        OciRegistry() {
            super("dewy.registry.oci", "com.fasterxml.jackson.core.jackson-core");
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
    class MemoryCache extends Embedded {
        MemoryCache() {
            super("dewy.cache.memory");
        }
    }

    @Nested
    class RedisCache extends Embedded {
        RedisCache() {
            super("dewy.cache.redis");
        }
    }

    @Nested
    class ConsulCache extends Embedded {
        ConsulCache() {
            super("dewy.cache.consul");
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
            super("dewy.notifier.slack", "com.fasterxml.jackson.core.jackson-core");
        }
    }

    @Nested
    class MailNotifier extends Embedded {
        MailNotifier() {
            super("dewy.notifier.mail");
        }
    }

    @Nested
    class WebhookNotifier extends Embedded {
        WebhookNotifier() {
            super("dewy.notifier.webhook", "com.fasterxml.jackson.core.jackson-core");
        }
    }

    @Nested
    class ProcessRuntime extends Embedded {
        ProcessRuntime() {
            super("dewy.runtime.process", "dewy.posix");
        }
    }

    @Nested
    class DockerRuntime extends Embedded {
        DockerRuntime() {
            super(
                    "dewy.runtime.docker",
                    "com.fasterxml.jackson.core.jackson-core",
                    "com.fasterxml.jackson.core.jackson-annotations",
                    "com.fasterxml.jackson.core.jackson-databind",
                    "org.apache.commons.commons-io",
                    "org.apache.commons.lang3");
        }
    }

    @Nested
    class CaddyProxy extends Embedded {
        CaddyProxy() {
            super(
                    "dewy.proxy.caddy",
                    "com.fasterxml.jackson.core.jackson-core",
                    "com.fasterxml.jackson.core.jackson-annotations",
                    "com.fasterxml.jackson.core.jackson-databind",
                    "org.apache.commons.commons-io",
                    "org.apache.commons.lang3");
        }
    }

    @Nested
    class BuiltinProxy extends Embedded {
        BuiltinProxy() {
            super("dewy.proxy", "dewy.posix");
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
            try (LauncherJar launcher = LauncherJar.open()) {
                IndexedBundle shipped = launcher.index().bundle(bundle).orElseThrow();
                return ShippedBundles.jar(launcher, shipped, storage);
            } catch (InvalidException e) {
                throw new IOException(e);
            }
        }
    }
}
