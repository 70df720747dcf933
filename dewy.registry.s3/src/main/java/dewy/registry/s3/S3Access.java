package dewy.registry.s3;

import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Secret;
import dewy.http.Environment;
import dewy.http.Network;
import dewy.http.Origin;
import dewy.http.SharedConnections;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/**
 * What all plugins for S3 share: connections, credentials, and a client for each way to a region. Nothing is opened before
 * the first request. Safe for use by several threads.
 */
@Component(name = "dewy.registry.s3.access", service = S3Access.class)
public final class S3Access {
    /**
     * How a region is reached.
     *
     * @param endpoint where it is, if that is not for the SDK to know
     * @param pathStyle whether a bucket is named by the path, and not by the host
     */
    private record Way(String region, Optional<URI> endpoint, boolean pathStyle, Network network) {}

    private final Environment environment;
    private final InstantSource clock;
    private final SharedConnections connections;
    private final Supplier<AwsCredentialsProvider> chain;
    private final Map<Way, S3Client> clients = new HashMap<>();
    private Optional<AwsCredentialsProvider> credentials = Optional.empty();

    /** Makes an access that goes by the environment of this process. */
    @Activate
    public S3Access() {
        this(
                Environment.SYSTEM,
                InstantSource.system(),
                new SharedConnections(),
                () -> DefaultCredentialsProvider.builder().build());
    }

    S3Access(
            Environment environment,
            InstantSource clock,
            SharedConnections connections,
            Supplier<AwsCredentialsProvider> chain) {
        this.environment = environment;
        this.clock = clock;
        this.connections = connections;
        this.chain = chain;
        Secret.withhold(
                "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    }

    InstantSource clock() {
        return clock;
    }

    /** Returns the bucket as the environment and a URL describe it; what is wrong there is added to {@code parameters}. */
    Bucket bucket(Location location, Parameters parameters, AppContext app) {
        Optional<URI> endpoint = endpoint(parameters, app);
        boolean foreign =
                endpoint.isPresent() && !Origin.of(endpoint.get()).host().matches(".*\\.amazonaws\\.com(\\.cn)?");
        boolean pathStyle = parameters.flag("path-style", foreign);
        boolean requesterPays = parameters.flag("requester-pays", false);
        Way way = new Way(location.region(), endpoint, pathStyle, Network.of(parameters, environment));
        return new Bucket(() -> client(way), location, requesterPays, new Refusals(location, clock));
    }

    @Deactivate
    synchronized void close() {
        clients.values().forEach(S3Client::close);
        clients.clear();
        credentials.ifPresent(S3Access::close);
        connections.close();
    }

    private Optional<URI> endpoint(Parameters parameters, AppContext app) {
        for (String variable : new String[] {"", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"}) {
            Optional<String> given = variable.isEmpty() ? parameters.text("endpoint") : environment.variable(variable);
            if (given.isPresent()) {
                return endpoint(variable.isEmpty() ? "endpoint" : variable, given.get(), parameters, app);
            }
        }
        return Optional.empty();
    }

    private static Optional<URI> endpoint(String name, String text, Parameters parameters, AppContext app) {
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (!web || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
                parameters.complain(name, name + "=" + text + " is not an address such as https://s3.example.com");
            } else if ("http".equals(uri.getScheme())
                    && !app.allowsHttp()
                    && !Origin.of(uri).isThisHost()) {
                parameters.complain(
                        name,
                        name + "=" + text + " is not encrypted; use https://, or give --allow-http where the network in"
                                + " between is trusted");
            } else {
                return Optional.of(uri);
            }
        } catch (URISyntaxException e) {
            parameters.complain(name, name + " is not an address such as https://s3.example.com");
        }
        return Optional.empty();
    }

    private synchronized S3Client client(Way way) {
        return clients.computeIfAbsent(way, this::open);
    }

    private S3Client open(Way way) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(way.region()))
                .forcePathStyle(way.pathStyle())
                .credentialsProvider(credentials())
                .httpClient(new Transport(connections.by(way.network())))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(
                        S3Configuration.builder().chunkedEncodingEnabled(false).build())
                .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()));
        way.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private AwsCredentialsProvider credentials() {
        AwsCredentialsProvider provider = credentials.orElseGet(chain);
        credentials = Optional.of(provider);
        return provider;
    }

    private static void close(AwsCredentialsProvider provider) {
        if (provider instanceof DefaultCredentialsProvider standard) {
            standard.close();
        }
    }
}
