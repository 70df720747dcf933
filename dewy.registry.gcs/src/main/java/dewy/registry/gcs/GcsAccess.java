package dewy.registry.gcs;

import com.google.api.gax.retrying.BasicResultRetryAlgorithm;
import com.google.api.gax.retrying.ResultRetryAlgorithm;
import com.google.api.gax.retrying.RetrySettings;
import com.google.auth.Credentials;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.http.Connections;
import dewy.http.Environment;
import dewy.http.Network;
import dewy.http.Origin;
import dewy.http.ProxyEnvironment;
import dewy.http.SharedConnections;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * What all plugins for GCS share: connections, credentials, and a client for each way there. Nothing is opened before the
 * first request. Safe for use by several threads.
 */
@Component(name = "dewy.registry.gcs.access", service = GcsAccess.class)
public final class GcsAccess {
    private static final String EMULATOR = "STORAGE_EMULATOR_HOST";

    /** Finds credentials. */
    interface Chain {
        Credentials find(HttpTransportFactory transports) throws IOException;
    }

    /**
     * How GCS is reached.
     *
     * @param endpoint where it is, if not at Google
     * @param isEmulator whether nobody is to be named there
     */
    private record Way(Optional<URI> endpoint, boolean isEmulator, Network network) {}

    /** Whoever asks tries again. */
    private static final class Once implements StorageRetryStrategy {
        private static final long serialVersionUID = 1L;

        @Override
        public ResultRetryAlgorithm<?> getIdempotentHandler() {
            return never();
        }

        @Override
        public ResultRetryAlgorithm<?> getNonidempotentHandler() {
            return never();
        }

        private static ResultRetryAlgorithm<?> never() {
            return new BasicResultRetryAlgorithm<Object>() {
                @Override
                public boolean shouldRetry(Throwable failure, Object answer) {
                    return false;
                }
            };
        }
    }

    private final Environment environment;
    private final InstantSource clock;
    private final SharedConnections connections;
    private final Chain chain;
    private final Map<Way, Storage> clients = new HashMap<>();

    /** Makes an access that goes by the environment of this process. */
    @Activate
    public GcsAccess() {
        this(
                Environment.SYSTEM,
                InstantSource.system(),
                new SharedConnections(),
                GoogleCredentials::getApplicationDefault);
    }

    GcsAccess(Environment environment, InstantSource clock, SharedConnections connections, Chain chain) {
        this.environment = environment;
        this.clock = clock;
        this.connections = connections;
        this.chain = chain;
    }

    InstantSource clock() {
        return clock;
    }

    /** Returns the bucket as the environment and a URL describe it; what is wrong there is added to {@code parameters}. */
    Bucket bucket(Location location, Parameters parameters, AppContext app) {
        Optional<String> named = parameters.text("endpoint");
        Optional<String> emulator = environment.variable(EMULATOR).filter(host -> named.isEmpty());
        Optional<URI> endpoint = named.flatMap(text -> endpoint("endpoint", text, parameters, app))
                .or(() -> emulator.flatMap(
                        host -> endpoint(EMULATOR, host.contains("://") ? host : "http://" + host, parameters, app)));
        Way way = new Way(endpoint, emulator.isPresent(), Network.of(parameters, environment));
        Optional<String> userProject = parameters.text("user-project").filter(text -> !text.isBlank());
        return new Bucket(() -> client(way), location, userProject, new Refusals(location, clock));
    }

    @Deactivate
    synchronized void close() {
        clients.clear();
        connections.close();
    }

    private static Optional<URI> endpoint(String name, String text, Parameters parameters, AppContext app) {
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (!web || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
                parameters.complain(name, name + "=" + text + " is not an address such as https://storage.example.com");
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
            parameters.complain(name, name + " is not an address such as https://storage.example.com");
        }
        return Optional.empty();
    }

    /** Finding credentials may take requests, which are the first one's own. */
    private Storage client(Way way) throws IOException {
        synchronized (this) {
            Storage known = clients.get(way);
            if (known != null) {
                return known;
            }
        }
        Storage opened = open(way);
        synchronized (this) {
            return clients.computeIfAbsent(way, any -> opened);
        }
    }

    private Storage open(Way way) throws IOException {
        Connections there = connections.by(way.network());
        Connections direct =
                connections.by(new Network(ProxyEnvironment.NONE, way.network().tls()));
        HttpTransportFactory transports = () -> new Transport(there, direct);
        var options = StorageOptions.http()
                // Otherwise it is looked for, also by requests, and it is needed to make buckets alone.
                .setProjectId("none")
                .setCredentials(way.isEmulator() ? NoCredentials.getInstance() : credentials(transports))
                .setTransportOptions(HttpTransportOptions.newBuilder()
                        .setHttpTransportFactory(transports)
                        .build())
                .setStorageRetryStrategy(new Once())
                .setRetrySettings(RetrySettings.newBuilder().setMaxAttempts(1).build());
        way.endpoint().ifPresent(uri -> options.setHost(uri.toString()));
        return options.build().getService();
    }

    private Credentials credentials(HttpTransportFactory transports) throws IOException {
        try {
            return chain.find(transports);
        } catch (IOException e) {
            throw new Refusals.NoCredentials(e);
        }
    }
}
