package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppDefinition;
import dewy.api.control.AppStatus;
import dewy.launcher.agent.AgentFramework;
import dewy.launcher.agent.AgentHome;
import dewy.launcher.demo.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server, assets and a worker in one agent. */
@Timeout(120)
class ThreeAppsIT {
    @TempDir
    Path folder;

    @BeforeEach
    void needsPython() {
        Tools.require("python3");
    }

    @Test
    void anAppThatFailsOrHangsDelaysNoOther() throws Exception {
        Registry server = Registry.in(folder.resolve("server-registry"));
        Registry assets = Registry.in(folder.resolve("assets-registry"));
        Registry worker = Registry.in(folder.resolve("worker-registry"));
        server.publishServer("v1.0.0");
        assets.publish("v1.0.0", Map.of("page.html", "x"));
        worker.publishScript("v1.0.0", "#!/bin/sh\nexit 1\n");
        int port = Ports.free();
        try (AgentHome home = AgentHome.open(Files.createDirectories(folder.resolve("home")));
                AgentFramework framework = AgentFramework.start(home)) {
            Agent agent = framework.agent();
            agent.add(definition("worker", worker, Map.of(), "current/app"));
            agent.add(definition("assets", assets, Map.of("before-deploy-hook", "sleep 300")));
            agent.add(definition("server", server, Map.of("port", "127.0.0.1:" + port), "current/app"));
            await(agent, "server", "v1.0.0");
            try (Load load = Load.on(port, 1, 1, Duration.ofMillis(5))) {
                for (int minor = 1; minor <= 3; minor++) {
                    server.publishServer("v1." + minor + ".0");
                    load.awaitVersion("v1." + minor + ".0");
                }
                load.close();
                assertThat(load.failures()).isEmpty();
            }
            AppStatus failing = agent.app("worker");
            assertThat(failing.failures()).isPositive();
            assertThat(failing.current()).isEmpty();
            assertThat(agent.app("assets").current()).isEmpty();

            worker.publishScript("v1.1.0", "#!/bin/sh\nexec sleep 300\n");
            await(agent, "worker", "v1.1.0");
            agent.stop("the test is over");
        }
        assertThat(folder.resolve("assets/current")).doesNotExist();
    }

    private static void await(Agent agent, String app, String version) throws InterruptedException {
        Releases.await(() -> isAt(agent, app, version), () -> agent.apps().toString());
    }

    private static boolean isAt(Agent agent, String app, String version) {
        try {
            return agent.app(app)
                    .current()
                    .filter(release -> release.version().equals(version))
                    .isPresent();
        } catch (DewyException e) {
            throw new AssertionError(e);
        }
    }

    private AppDefinition definition(String name, Registry registry, Map<String, String> more, String... arguments)
            throws IOException {
        Map<String, List<String>> options = new HashMap<>();
        options.put("name", List.of(name));
        options.put("registry", List.of(registry.url()));
        options.put("interval", List.of("200ms"));
        options.put("dir", List.of(Files.createDirectories(folder.resolve(name)).toString()));
        more.forEach((option, value) -> options.put(option, List.of(value)));
        return new AppDefinition("assets".equals(name) ? "assets" : "server", options, List.of(arguments));
    }
}
