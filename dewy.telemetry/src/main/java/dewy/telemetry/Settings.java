package dewy.telemetry;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What is said of where metrics and traces go, by options and by the variables that OpenTelemetry has names for (its specification
 * "OpenTelemetry Protocol Exporter" and "Environment Variable Specification").
 *
 * @param endpoint the address of OTLP over HTTP, without the path of a signal; empty where nothing is sent
 * @param headers what is sent with each request
 * @param authorities certificates in PEM that are trusted instead of those that Java trusts
 * @param metricsEvery how often metrics are sent
 * @param tracesEvery how long traces wait for others to be sent along with
 * @param resource what is said of who sends
 */
record Settings(
        Optional<URI> endpoint,
        Map<String, String> headers,
        Optional<Path> authorities,
        Duration metricsEvery,
        Duration tracesEvery,
        Map<String, String> resource) {
    private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
    private static final Duration METRICS_EVERY = Duration.ofSeconds(15);
    private static final Duration TRACES_EVERY = Duration.ofSeconds(5);

    /**
     * Reads what was said.
     *
     * @param property returns a property of the framework, null for none
     * @param variable returns a variable of the environment, null for none
     * @throws InvalidException if one is malformed
     */
    static Settings read(UnaryOperator<String> property, UnaryOperator<String> variable) throws InvalidException {
        Secret.withhold(HEADERS);
        Optional<String> address = Optional.ofNullable(property.apply("dewy.telemetry.otlp-endpoint"))
                .or(() -> named(variable, "OTEL_EXPORTER_OTLP_ENDPOINT"));
        boolean plain = property.apply("dewy.telemetry.otlp-insecure") != null
                || named(variable, "OTEL_EXPORTER_OTLP_INSECURE").equals(Optional.of("true"));
        Map<String, String> resource = new LinkedHashMap<>();
        resource.put("service.name", "dewy");
        named(variable, "HOSTNAME").ifPresent(host -> resource.put("host.name", host));
        resource.putAll(pairs(variable, "OTEL_RESOURCE_ATTRIBUTES"));
        named(variable, "OTEL_SERVICE_NAME").ifPresent(name -> resource.put("service.name", name));
        return new Settings(
                address.isPresent() ? Optional.of(address(address.get(), plain)) : Optional.empty(),
                pairs(variable, HEADERS),
                named(variable, "OTEL_EXPORTER_OTLP_CERTIFICATE").map(Path::of),
                millis(variable, "OTEL_METRIC_EXPORT_INTERVAL", METRICS_EVERY),
                millis(variable, "OTEL_BSP_SCHEDULE_DELAY", TRACES_EVERY),
                resource);
    }

    /** Returns where a signal goes: {@code metrics} or {@code traces}. */
    static String address(URI endpoint, String signal) {
        return endpoint.toString().replaceFirst("/*$", "") + "/v1/" + signal;
    }

    /**
     * Returns the certificates that are trusted.
     *
     * @throws InvalidException if they cannot be read
     */
    Optional<byte[]> readAuthorities() throws InvalidException {
        if (authorities.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readAllBytes(authorities.get()));
        } catch (IOException e) {
            throw new InvalidException(
                    Problem.of(
                            "read the certificates in",
                            authorities.get(),
                            e.getClass().getSimpleName(),
                            "OTEL_EXPORTER_OTLP_CERTIFICATE is to name a file in PEM"),
                    e);
        }
    }

    /** As an address without a scheme, it is the host and the port alone. */
    private static URI address(String text, boolean plain) throws InvalidException {
        String whole = text.matches("(?i)https?://.*") ? text : (plain ? "http://" : "https://") + text;
        try {
            URI uri = URI.create(whole);
            if (uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new InvalidException(Problem.of(
                "send metrics to",
                Secret.masked(text),
                "it is no address",
                "Write https://HOST:PORT, http://HOST:PORT or HOST:PORT; a token goes into " + HEADERS));
    }

    private static Optional<String> named(UnaryOperator<String> variable, String name) {
        return Optional.ofNullable(variable.apply(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** Reads {@code key=value,key=value}, with values as in a URL. */
    private static Map<String, String> pairs(UnaryOperator<String> variable, String name) throws InvalidException {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : named(variable, name).orElse("").split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                String value = pair.substring(equals + 1).strip().replace("+", "%2B");
                pairs.put(pair.substring(0, equals).strip(), URLDecoder.decode(value, StandardCharsets.UTF_8));
            } else if (!pair.isBlank()) {
                throw malformed(name, "it is not written key=value,key=value");
            }
        }
        return pairs;
    }

    private static Duration millis(UnaryOperator<String> variable, String name, Duration otherwise)
            throws InvalidException {
        Optional<String> text = named(variable, name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.get().matches("[1-9]\\d{0,8}")) {
            throw malformed(name, "it is no number of milliseconds");
        }
        return Duration.ofMillis(Long.parseLong(text.get()));
    }

    private static InvalidException malformed(String name, String why) {
        return new InvalidException(Problem.of("read the variable", name, why, "Correct it, or unset it"));
    }
}
