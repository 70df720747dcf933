package dewy.itest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dewy.api.control.Agent;
import dewy.api.control.AppDefinition;
import dewy.api.control.Metrics;
import dewy.launcher.agent.AgentFramework;
import dewy.launcher.agent.AgentHome;
import dewy.tck.Await;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** Metrics and traces of an agent at work. */
class TelemetryIT {
    private static final Map<String, String> OFTEN =
            Map.of("OTEL_METRIC_EXPORT_INTERVAL", "100", "OTEL_BSP_SCHEDULE_DELAY", "100");

    @TempDir
    Path folder;

    @Test
    void offersItsMetricsAsTextAndSendsThem() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "x"));
        Path id = folder.resolve("id.txt");
        List<String> sent = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1);
            sent.add(exchange.getRequestURI().getPath() + " " + body);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        String endpoint = "127.0.0.1:" + collector.getAddress().getPort();
        Map<String, String> properties =
                Map.of("dewy.telemetry.otlp-endpoint", endpoint, "dewy.telemetry.otlp-insecure", "true");
        try (AgentHome home = AgentHome.open(Files.createDirectories(folder.resolve("home")));
                AgentFramework framework = AgentFramework.start(home, properties)) {
            framework.awaitShell();
            framework.startBesides();
            Agent agent = framework.agent();
            agent.add(new AppDefinition(
                    "assets",
                    Map.of(
                            "name", List.of("site"),
                            "registry", List.of(registry.url()),
                            "dir", List.of(folder.resolve("app").toString()),
                            "before-deploy-hook", List.of("echo $DEWY_DEPLOY_ID >" + id)),
                    List.of()));
            Await.until("the deployment in the metrics", () -> text(framework)
                    .contains("dewy_deployments_total{app=\"site\",command=\"assets\"} 1.0"));
            assertThat(text(framework))
                    .contains("dewy_app_info{app=\"site\",command=\"assets\",version=\"v1.0.0\"} 1\n")
                    .contains("dewy_cache_misses_total{app=\"site\"} 1.0")
                    .contains("dewy_cycles_total{app=\"site\",failure=\"\",outcome=\"deployed\",step=\"settle\"} 1.0")
                    .contains("dewy_polls_total{app=\"site\"} ")
                    .doesNotContain("otel_");
        } finally {
            collector.stop(0);
        }
        // What was there when the agent ended is sent.
        byte[] trace = HexFormat.of().parseHex(Files.readString(id).strip().replace("-", ""));
        assertThat(sent).anySatisfy(body -> assertThat(body)
                .startsWith("/v1/traces")
                .contains("deploy", "poll", "fetch", "prepare", "hook", "settle", "site")
                .contains(new String(trace, ISO_8859_1)));
        assertThat(sent)
                .anySatisfy(body -> assertThat(body).startsWith("/v1/metrics").contains("dewy.agent.info"));
    }

    @Test
    void goesOnWhereNothingIsSentAndTellsOnce() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "x"));
        Path app = Files.createDirectories(folder.resolve("app"));
        String[] arguments = AgentProcess.arguments(
                "assets", registry.url(), app, "--otlp-endpoint", "http://127.0.0.1:" + Ports.free());
        try (AgentProcess agent = AgentProcess.start(folder, List.of("-Xmx96m"), OFTEN, arguments)) {
            agent.await("Deployment completed");
            assertThat(agent.find("the warning", record -> "Telemetry is not sent; it goes on trying"
                                    .equals(record.get("msg")))
                            .get("error"))
                    .contains("Check that a collector listens there");
            registry.publish("v1.1.0", Map.of("page.html", "y"));
            agent.await("Deployment completed");
            // One for metrics, one for traces.
            assertThat(agent.count("Telemetry is not sent; it goes on trying")).isBetween(1L, 2L);
        }
    }

    @Test
    void isNotThereWhereNobodyAsksForIt() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "x"));
        Path app = Files.createDirectories(folder.resolve("app"));
        try (AgentProcess agent = AgentProcess.start(folder, AgentProcess.arguments("assets", registry.url(), app))) {
            agent.await("Deployment completed");
            ControlClient client = new ControlClient(app.resolve(".dewy"));
            assertThat(client.run("lb")).contains("dewy.core").doesNotContain("dewy.telemetry");
        }
    }

    /** Returns all metrics: the classes of the agent itself belong to no bundle, and so another one asks. */
    private static String text(AgentFramework framework) throws Exception {
        BundleContext context =
                FrameworkUtil.getBundle(framework.appsFile().getClass()).getBundleContext();
        Metrics metrics = context.getService(context.getServiceReference(Metrics.class));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        metrics.write(text);
        return text.toString(UTF_8);
    }
}
