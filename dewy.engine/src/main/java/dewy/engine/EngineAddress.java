package dewy.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.Parameters;
import dewy.api.release.Digest;
import dewy.http.Environment;
import dewy.http.Tls;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where an engine listens: a unix socket, or a host and port with TLS or without. It is found as the clients {@code docker} and
 * {@code podman} find it: by {@code DOCKER_HOST}, a context, or {@code CONTAINER_HOST}, else at the socket of the user, or of
 * the host.
 *
 * @param uri {@code unix:///path} or {@code tcp://host:port}
 * @param tls what connections are secured with
 */
public record EngineAddress(URI uri, Optional<SSLContext> tls) {
    private static final int PORT = 2375;
    private static final int TLS_PORT = 2376;

    /**
     * Finds the engine of a runtime.
     *
     * @param scheme {@code docker} or {@code podman}
     * @throws InvalidException if the environment, or the context that it names, cannot be right
     */
    public static EngineAddress find(String scheme, Environment environment) throws InvalidException {
        Search search = new Search(environment);
        return "podman".equals(scheme) ? search.podman() : search.docker();
    }

    boolean isUnix() {
        return "unix".equals(uri.getScheme());
    }

    Path socket() {
        return Path.of(uri.getPath());
    }

    int port() {
        return uri.getPort() > 0 ? uri.getPort() : tls.isPresent() ? TLS_PORT : PORT;
    }

    @Override
    public String toString() {
        return uri.toString();
    }

    private static EngineAddress of(String variable, String text, Optional<SSLContext> tls) throws InvalidException {
        try {
            URI uri = new URI(text);
            String scheme = Optional.ofNullable(uri.getScheme()).orElse("");
            boolean named = "unix".equals(scheme) ? !uri.getPath().isEmpty() : uri.getHost() != null;
            if (List.of("unix", "tcp", "http", "https").contains(scheme) && named) {
                return new EngineAddress(uri, "unix".equals(scheme) ? Optional.empty() : tls);
            }
        } catch (URISyntaxException e) {
            // It is told below what would be right.
        }
        throw new InvalidException(new Problem(
                "use the engine at",
                variable + "=" + text,
                "only unix sockets and TCP are spoken",
                "Name it as unix:///path or tcp://host:port; for ssh, forward its socket"));
    }

    /** Where the clients look, one after the other. */
    private record Search(Environment environment) {
        EngineAddress docker() throws InvalidException {
            Optional<String> host = variable("DOCKER_HOST");
            if (host.isPresent()) {
                return of("DOCKER_HOST", host.get(), tlsOfEnvironment());
            }
            Optional<String> context = context();
            if (context.isPresent()) {
                return ofContext(context.get());
            }
            return socket(
                    Path.of("/var/run/docker.sock"),
                    variable("XDG_RUNTIME_DIR").map(dir -> Path.of(dir, "docker.sock")));
        }

        EngineAddress podman() throws InvalidException {
            Optional<String> host = variable("CONTAINER_HOST");
            if (host.isPresent()) {
                return of("CONTAINER_HOST", host.get(), Optional.empty());
            }
            return socket(
                    Path.of("/run/podman/podman.sock"),
                    variable("XDG_RUNTIME_DIR").map(dir -> Path.of(dir, "podman", "podman.sock")));
        }

        /** The socket of the host, unless only that of the user is there. */
        private static EngineAddress socket(Path ofHost, Optional<Path> ofUser) {
            boolean rootless = ofUser.isPresent() && Files.exists(ofUser.get()) && !Files.isWritable(ofHost);
            Path socket = rootless ? ofUser.get() : ofHost;
            return new EngineAddress(URI.create("unix://" + socket), Optional.empty());
        }

        private Optional<String> context() throws InvalidException {
            Optional<String> named = variable("DOCKER_CONTEXT");
            Path config = configFolder().resolve("config.json");
            if (named.isEmpty() && Files.isReadable(config)) {
                named = Optional.of(read(config).path("currentContext").asText());
            }
            return named.filter(name -> !name.isEmpty() && !name.equals("default"));
        }

        /** The folders of a context are named after the digest of its name. */
        private EngineAddress ofContext(String name) throws InvalidException {
            String id = Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
            Path folder = configFolder().resolve("contexts");
            Path meta = folder.resolve("meta").resolve(id).resolve("meta.json");
            String host =
                    read(meta).path("Endpoints").path("docker").path("Host").asText();
            Path certificates = folder.resolve("tls").resolve(id).resolve("docker");
            Optional<SSLContext> tls =
                    Files.isDirectory(certificates) ? Optional.of(tls(certificates)) : Optional.empty();
            return of("the context " + name + ", DOCKER_HOST", host, tls);
        }

        private Optional<SSLContext> tlsOfEnvironment() throws InvalidException {
            if (variable("DOCKER_TLS_VERIFY").isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(tls(variable("DOCKER_CERT_PATH").map(Path::of).orElseGet(this::configFolder)));
        }

        private SSLContext tls(Path folder) throws InvalidException {
            Map<String, List<String>> files = new LinkedHashMap<>();
            for (String name : List.of("ca", "cert", "key")) {
                Path file = folder.resolve(name + ".pem");
                if (Files.exists(file)) {
                    files.put(name, List.of(file.toString()));
                }
            }
            Parameters parameters = Parameters.of("use the certificates", "in " + folder, files);
            Tls tls = Tls.of(parameters, environment);
            parameters.finish();
            return tls.contextOrDefault();
        }

        private JsonNode read(Path file) throws InvalidException {
            try {
                return new ObjectMapper().readTree(file.toFile());
            } catch (IOException e) {
                throw new InvalidException(
                        Problem.of(
                                "read the configuration of Docker",
                                file,
                                Files.exists(file) ? "it is no JSON, or cannot be read" : "there is no such file",
                                "Check DOCKER_CONTEXT and DOCKER_CONFIG, or name the engine by DOCKER_HOST"),
                        e);
            }
        }

        private Path configFolder() {
            return variable("DOCKER_CONFIG")
                    .map(Path::of)
                    .orElseGet(() -> Path.of(variable("HOME").orElse("/root"), ".docker"));
        }

        private Optional<String> variable(String name) {
            return environment.variable(name);
        }
    }
}
