package dewy.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.ApplicationException;
import dewy.api.CancellableCall;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.engine.Container;
import dewy.engine.Engine;
import dewy.engine.Owner;
import dewy.runtime.docker.TestImages.Manner;
import dewy.tck.Await;
import dewy.tck.ContainerEngine;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a real engine can show of how replicas are started, routed to, and replaced. */
@Timeout(120)
class ContainersTest {
    private static final String QUICK = "docker:?health-path=/&probe-interval=20ms&stop-timeout=2s&";

    @TempDir
    Path folder;

    private final CancellableCall call = TestImages.call();
    private TestApp app = TestApp.in(Path.of(""));

    @BeforeEach
    void nameApp() {
        app = TestApp.in(folder);
    }

    /** What closing had no time for, as on a slow host, is for the next one to end. */
    @AfterEach
    void leaveNothing() throws Exception {
        var provider = new DockerRuntimeProvider(TestImages.environment(), Engine::new);
        PluginUrl url = PluginUrl.parse(QUICK);
        Optional<HandoverState> left = provider.recover(call, url, app, Optional.empty());
        if (left.isPresent()) {
            try (AppRuntime next = provider.adopt(url, app, left.get())) {
                next.stop(call);
            }
        }
        assertThat(containers()).isEmpty();
        call.close();
    }

    @Test
    void losesNoRequestWhileReplicasAreExchanged() throws Exception {
        TestBalancer balancer = TestBalancer.on("8000");
        try (AppRuntime runtime = open(QUICK + "replicas=2", app.routing(balancer))) {
            runtime.activate(call, TestImages.activation("v1", Manner.SERVING));
            try (TestBalancer.Load load = balancer.load()) {
                runtime.activate(call, TestImages.activation("v2", Manner.SERVING));
                assertThat(balancer.get("/cgi-bin/version")).isEqualTo("v2");
                Await.until("the end of the old ones", () -> containers().size() == 2);
                assertThat(load.end()).isEmpty();
                assertThat(load.answered()).isPositive();
            }
        }
    }

    @Test
    void losesNoRequestWhileAllAreExchangedAtOnceAndBack() throws Exception {
        TestBalancer balancer = TestBalancer.on("8000");
        try (AppRuntime runtime = open(QUICK + "strategy=blue-green&replicas=2", app.routing(balancer))) {
            runtime.activate(call, TestImages.activation("v1", Manner.SERVING));
            List<String> old = runtime.status().instances();
            try (TestBalancer.Load load = balancer.load()) {
                runtime.activate(call, TestImages.activation("v2", Manner.SERVING));
                assertThat(balancer.get("/cgi-bin/version")).isEqualTo("v2");
                assertThat(containers()).hasSize(4);
                runtime.activate(call, TestImages.activation("v1", Manner.SERVING));
                assertThat(balancer.get("/cgi-bin/version")).isEqualTo("v1");
                assertThat(runtime.status().instances()).isEqualTo(old);
                assertThat(containers()).hasSize(4);
                assertThat(load.end()).isEmpty();
                assertThat(load.answered()).isPositive();
            }
        }
    }

    @Test
    void leadsEachListenerToThePortThatItNames() throws Exception {
        TestBalancer balancer = TestBalancer.on("8000:8080,8001:9090");
        String image = TestImages.pulled(
                "\"ExposedPorts\": {\"8080/tcp\": {}, \"9090/tcp\": {}, \"53/udp\": {}}",
                "\"Cmd\": [\"/bin/sh\", \"-c\", \"httpd -p 8080 -h /www; httpd -f -p 9090 -h /www\"]");
        try (AppRuntime runtime =
                open("docker:?probe-interval=20ms&stop-timeout=0s&drain-time=0s", app.routing(balancer))) {
            runtime.activate(call, Activation.of(TestImages.deliverable("v1", image), image));
            Container container = containers().get(0);
            assertThat(container.ports()).containsOnlyKeys(8080, 9090);
            assertThat(balancer.backends("8000:8080").get(0).address().port())
                    .isEqualTo(container.ports().get(8080));
            assertThat(balancer.backends("8001:9090").get(0).address().port())
                    .isEqualTo(container.ports().get(9090));
        }
    }

    @Test
    void saysWhichPortsThereAreWhereItCannotKnowWhichIsMeant() throws Exception {
        String image = TestImages.pulled("\"ExposedPorts\": {\"8080/tcp\": {}, \"9090/tcp\": {}}");
        Activation activation = Activation.of(TestImages.deliverable("v1", image), image);
        try (AppRuntime runtime = open("docker:", app.routing(TestBalancer.on("8000")))) {
            assertThatThrownBy(() -> runtime.prepare(call, activation))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("the image exposes the ports [8080, 9090]. Name it with --container-port");
        }
        try (AppRuntime runtime = open("docker:?container-port=9090", app.routing(TestBalancer.on("8000")))) {
            runtime.prepare(call, activation);
        }
    }

    @Test
    void waitsForTheHealthCheckOfTheImage() throws Exception {
        String check = "\"Healthcheck\": {\"Test\": [\"CMD-SHELL\", \"%s\"], \"Interval\": 50000000, \"Retries\": 1}";
        String healthy =
                TestImages.pulled(TestImages.config(Manner.SERVING), check.formatted("test -e /www/index.html"));
        String sick = TestImages.pulled(TestImages.config(Manner.SERVING), check.formatted("echo no disk; exit 1"));
        try (AppRuntime runtime = open(QUICK, app)) {
            runtime.activate(call, Activation.of(TestImages.deliverable("v1", healthy), healthy));
            assertThat(containers().get(0).health().status()).isEqualTo(Container.Health.Status.HEALTHY);
            assertThatThrownBy(() -> runtime.activate(call, Activation.of(TestImages.deliverable("v2", sick), sick)))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("its health check failed: no disk");
        }
    }

    @Test
    void takesAnAcceptByTheProxyOfDockerForNoAnswer() throws Exception {
        String late = TestImages.pulled(
                "\"ExposedPorts\": {\"8080/tcp\": {}}",
                "\"Cmd\": [\"/bin/sh\", \"-c\", \"sleep 0.7; exec httpd -f -p 8080 -h /www\"]");
        TestBalancer balancer = TestBalancer.on("8000");
        try (AppRuntime runtime =
                open("docker:?probe-interval=20ms&stop-timeout=0s&drain-time=0s", app.routing(balancer))) {
            runtime.activate(call, Activation.of(TestImages.deliverable("v1", late), late));
            assertThat(balancer.get("/index.html")).isEqualTo("here I am\n");
        }
    }

    @Test
    void saysWhatAContainerWroteThatEnded() throws Exception {
        try (AppRuntime runtime = open(QUICK, app)) {
            assertThatThrownBy(() -> runtime.activate(call, TestImages.activation("v1", Manner.EXITING)))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("it ended with the exit code 3; it wrote: no database");
        }
    }

    @Test
    void givesUpAfterSoManyProbes() throws Exception {
        try (AppRuntime runtime = open(QUICK + "probe-attempts=3", app)) {
            assertThatThrownBy(() -> runtime.activate(call, TestImages.activation("v1", Manner.NEVER_READY)))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("after 3 probes");
        }
        try (AppRuntime runtime = open(QUICK + "health-timeout=100ms", app)) {
            assertThatThrownBy(() -> runtime.activate(call, TestImages.activation("v1", Manner.NEVER_READY)))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("after 100 ms");
        }
    }

    @Test
    void bringsBackAReplicaThatSomebodyRemoved() throws Exception {
        TestBalancer balancer = TestBalancer.on("8000");
        try (AppRuntime runtime = open(QUICK + "replicas=2", app.routing(balancer))) {
            runtime.activate(call, TestImages.activation("v1", Manner.SERVING));
            String removed = runtime.status().instances().get(0);
            String unused = ContainerEngine.shared().docker("rm", "-f", removed);
            Await.until(
                    "another one",
                    () -> runtime.status().instances().size() == 2
                            && !runtime.status().instances().contains(removed)
                            && balancer.backends().size() == 2);
            assertThat(balancer.backends()).noneMatch(backend -> backend.id().equals(removed));
        }
    }

    @Test
    void replacesOneThatIsFoundUnhealthy() throws Exception {
        String check =
                "\"Healthcheck\": {\"Test\": [\"CMD-SHELL\", \"test ! -e /tmp/sick\"], \"Interval\": 50000000, \"Retries\": 1}";
        String image = TestImages.pulled(TestImages.config(Manner.SERVING), check);
        try (AppRuntime runtime = open(QUICK, app)) {
            runtime.activate(call, Activation.of(TestImages.deliverable("v1", image), image));
            String sick = runtime.status().instances().get(0);
            String unused = ContainerEngine.shared().docker("exec", sick, "sh", "-c", ": > /tmp/sick");
            Await.until("another one", () -> {
                List<Container> now = containers();
                return now.size() == 1 && !now.get(0).name().equals(sick);
            });
            assertThat(app.told()).anyMatch(one -> one.type().equals("container.exited"));
        }
    }

    @Test
    void goesOnWithAnEngineThatCrashedAndWithoutWhatEndedMeanwhile() throws Exception {
        TestBalancer balancer = TestBalancer.on("8000");
        try (AppRuntime runtime = open(QUICK + "replicas=2", app.routing(balancer))) {
            runtime.activate(call, TestImages.activation("v1", Manner.SERVING));
            List<String> before = runtime.status().instances();
            ContainerEngine.shared().crash();
            String unused = ContainerEngine.shared().docker("kill", before.get(0));
            Await.until("two replicas, one of them new", () -> {
                List<String> now = runtime.status().instances();
                return now.size() == 2 && now.contains(before.get(1)) && !now.contains(before.get(0));
            });
            Await.until("an answer", () -> balancer.get("/cgi-bin/version").equals("v1"));
        }
    }

    @Test
    void leavesWhatBelongsToAnotherAgent() throws Exception {
        TestApp other = TestApp.in(folder.resolve("other"));
        try (AppRuntime theirs = open(QUICK, other)) {
            theirs.activate(call, TestImages.activation("v1", Manner.SERVING));
            try (AppRuntime ours = open(QUICK, app)) {
                ours.activate(call, TestImages.activation("v1", Manner.SERVING));
                ours.stop(call);
            }
            assertThat(new DockerRuntimeProvider(TestImages.environment(), Engine::new)
                            .recover(call, PluginUrl.parse(QUICK), app, Optional.empty()))
                    .isEmpty();
            assertThat(TestImages.engine()
                            .inspect(call, theirs.status().instances().get(0))
                            .isRunning())
                    .isTrue();
        }
    }

    private List<Container> containers() throws Exception {
        return TestImages.engine().list(call, Owner.of(app).labels("app"));
    }

    private static AppRuntime open(String url, TestApp app) throws Exception {
        return new DockerRuntimeProvider(TestImages.environment(), Engine::new).open(PluginUrl.parse(url), app);
    }
}
