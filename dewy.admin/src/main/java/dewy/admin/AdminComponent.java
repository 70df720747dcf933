package dewy.admin;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.Metrics;
import dewy.api.event.EventLog;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the admin API as the framework's properties {@code dewy.admin.…} say. Where it cannot, the agent goes on without. */
@Component(service = {})
public final class AdminComponent {
    private static final Logger LOG = LoggerFactory.getLogger("dewy.admin");

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile @Nullable Metrics metrics;

    private @Nullable AdminServer server;

    @Activate
    public AdminComponent(BundleContext context, @Reference Agent agent, @Reference EventLog events) {
        try {
            Settings settings = Settings.read(name -> Optional.ofNullable(context.getProperty(name)));
            Api api = new Api(agent, events, InstantSource.system(), self(context));
            List<Route> routes = new ArrayList<>(api.routes());
            routes.add(metrics());
            routes.add(OpenApi.route(routes, settings));
            routes.addAll(Pages.routes());
            AdminServer opened = AdminServer.open(settings, Limits.USUAL, routes, events);
            server = opened;
            LOG.atInfo()
                    .addKeyValue("url", opened.url())
                    .addKeyValue("socket", opened.socket())
                    .addKeyValue("tokens", settings.tokens())
                    .log("Admin API listens");
            if (!settings.isLoopback() && settings.certificate().isEmpty()) {
                LOG.atWarn()
                        .addKeyValue("address", settings.address().getHostAddress())
                        .addKeyValue("advice", "Use --admin-tls-cert and --admin-tls-key")
                        .log("Tokens of the admin API can be read on their way");
            }
        } catch (DewyException e) {
            LOG.atError().addKeyValue("error", e.problem().sentence()).log("No admin API");
        }
    }

    @Deactivate
    void close() {
        AdminServer open = server;
        if (open != null) {
            open.close();
        }
    }

    private Route metrics() {
        Route.Result text = Route.Result.page(Metrics.CONTENT_TYPE);
        return new Route("GET", "/metrics", Gate.Access.READ, "the metrics, for Prometheus", List.of(), text, asked -> {
            Metrics kept = metrics;
            if (kept == null) {
                throw new Refusal(HttpResponseStatus.NOT_FOUND, "no metrics are kept. Start with --telemetry");
            }
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            kept.write(written);
            return new Answer(HttpResponseStatus.OK, Metrics.CONTENT_TYPE, written.toByteArray(), Map.of());
        });
    }

    private static Api.Self self(BundleContext context) {
        ProcessHandle own = ProcessHandle.current();
        return new Api.Self(
                Optional.ofNullable(context.getProperty("dewy.version")).orElse(""),
                hostName(),
                own.pid(),
                own.info().startInstant().orElseGet(Instant::now));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
