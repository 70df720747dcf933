package dewy.runtime.docker;

import dewy.api.CancellableCall;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.api.runtime.Activation;
import dewy.engine.Engine;
import dewy.engine.EngineAddress;
import dewy.engine.Images;
import dewy.http.Environment;
import dewy.tck.ContainerEngine;
import dewy.tck.ImageRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The engine of this JVM with the images that its tests run, and the registry that these come from. */
final class TestImages {
    /** It ends at once when it is told to, as a program should. */
    private static final String SERVE = "trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait";

    private static final AtomicInteger BUILDS = new AtomicInteger();
    private static final Map<String, String> PULLED = new ConcurrentHashMap<>();
    private static Optional<ImageRegistry> registry = Optional.empty();

    /** What software does. */
    enum Manner {
        SERVING(SERVE),
        /** It runs, and listens nowhere. */
        NEVER_READY("trap 'exit 0' TERM; sleep 1000 & wait"),
        /** It says why, and ends. */
        EXITING("echo no database >&2; exit 3");

        private final String script;

        Manner(String script) {
            this.script = script;
        }
    }

    private TestImages() {}

    static Environment environment() throws IOException {
        String address = ContainerEngine.shared().address();
        return name -> name.equals("DOCKER_HOST") ? Optional.of(address) : Optional.empty();
    }

    static Engine engine() throws Exception {
        return new Engine(EngineAddress.find("docker", environment()));
    }

    /** Returns the registry, which ends with this JVM. */
    static synchronized ImageRegistry registry() throws IOException {
        if (registry.isEmpty()) {
            Path folder = Files.createTempDirectory("dewy-registry");
            ImageRegistry started = ImageRegistry.start(folder);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                started.close();
                delete(folder);
            }));
            registry = Optional.of(started);
        }
        return registry.get();
    }

    /** Publishes an image that is like no other, and returns it by digest. */
    static String publish(String repository, String tag, String... config) throws IOException {
        String label = "\"Labels\": {\"build\": \"" + BUILDS.incrementAndGet() + "\"}";
        return registry().push(repository, tag, "{" + label + ", " + String.join(", ", config) + "}");
    }

    static String config(Manner manner) {
        return "\"ExposedPorts\": {\"8080/tcp\": {}}, \"Cmd\": [\"/bin/sh\", \"-c\", \"" + manner.script + "\"]";
    }

    /** Returns an image that the engine has, which may be that of other tests as well. */
    static synchronized String pulled(String... config) throws Exception {
        String key = String.join(", ", config);
        String known = PULLED.get(key);
        if (known == null) {
            known = publish("shared", "v" + PULLED.size(), config);
            pull(known);
            PULLED.put(key, known);
        }
        return known;
    }

    static void pull(String image) throws Exception {
        try (CancellableCall call = call()) {
            new Images(engine()).pull(call, deliverable("v", image), Optional.empty());
        }
    }

    static Activation activation(String tag, Manner manner) throws Exception {
        String image = pulled(config(manner));
        return Activation.of(deliverable(tag, image), image).with(Map.of("DEWY_VERSION", tag));
    }

    static Deliverable deliverable(String tag, String image) throws Exception {
        String place = image.substring(0, image.indexOf('@'));
        Artifact artifact =
                Artifact.image("web", place).withDigest(Digest.parse(image.substring(image.indexOf('@') + 1)));
        return new Deliverable(new Release(tag, Optional.empty(), List.of(artifact)), artifact);
    }

    static CancellableCall call() {
        return CancellableCall.of("test", Duration.ofSeconds(60));
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
