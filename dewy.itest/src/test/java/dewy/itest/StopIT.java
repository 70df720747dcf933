package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM in the middle of each step: the agent ends well and soon, and leaves neither processes nor half a release. */
@Timeout(240)
class StopIT {
    private static final String HANG = "touch entered; sleep 3000";

    @TempDir
    Path folder;

    private Path app;
    private Registry registry;

    @BeforeEach
    void startFresh() throws IOException {
        app = Files.createDirectories(folder.resolve("app"));
        registry = Registry.in(folder.resolve("registry"));
    }

    @Test
    void whileItFetches() throws Exception {
        registry.publish("v1.0.0", many(200, 1 << 20));
        try (AgentProcess agent = assets()) {
            agent.await("Deployment started");
            endsWell(agent);
        }
    }

    @Test
    void whileTheHookBeforeTheDeploymentRuns() throws Exception {
        registry.publish("v1.0.0", Map.of("page.html", "x"));
        try (AgentProcess agent = assets("--before-deploy-hook", HANG)) {
            awaitEntered(agent);
            endsWell(agent);
        }
        assertThat(app.resolve("current")).doesNotExist();
    }

    @Test
    void whileItUnpacks() throws Exception {
        registry.publish("v1.0.0", many(20_000, 10));
        try (AgentProcess agent = assets()) {
            agent.await("Cached artifact");
            endsWell(agent);
        }
    }

    @Test
    void whileTheNewServerBecomesReady() throws Exception {
        registry.publishScript("v1.0.0", "#!/bin/sh\nexec sleep 300\n");
        try (AgentProcess agent = server("--ready-time", "1h")) {
            agent.await("Start server");
            endsWell(agent);
        }
    }

    @Test
    void whileTheHookAfterTheDeploymentRuns() throws Exception {
        registry.publishScript("v1.0.0", "#!/bin/sh\nexec sleep 300\n");
        try (AgentProcess agent = server("--after-deploy-hook", HANG)) {
            awaitEntered(agent);
            endsWell(agent);
        }
        assertThat(app.resolve("current/app")).exists();
    }

    @Test
    void whileTheOldServerRefusesToGo() throws Exception {
        String stubborn = "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 1; done\n";
        registry.publishScript("v1.0.0", stubborn);
        try (AgentProcess agent = server("--stop-timeout", "500ms")) {
            agent.await("Deployment completed");
            registry.publishScript("v1.1.0", stubborn);
            agent.await("Send SIGTERM to old server");
            endsWell(agent);
        }
    }

    @Test
    void whileItWaitsForTheNextPoll() throws Exception {
        registry.publishScript("v1.0.0", "#!/bin/sh\nexec sleep 300\n");
        try (AgentProcess agent = server()) {
            agent.await("Deploy skipped");
            endsWell(agent);
        }
        assertThat(app.resolve("current/app")).exists();
    }

    private void endsWell(AgentProcess agent) throws Exception {
        assertThat(agent.stop()).as(agent.output()).isZero();
        assertThat(agent.count("App stopped")).isEqualTo(1);
        assertThat(agent.count("Deploy failure")).isZero();
        assertThat(Processes.leftBy(folder)).isEmpty();
        Releases.in(app).areComplete();
    }

    /** The hook says by a file that it runs. */
    private void awaitEntered(AgentProcess agent) throws InterruptedException {
        Releases.await(() -> Files.exists(app.resolve("entered")), agent::output);
    }

    private static Map<String, String> many(int files, int size) {
        Map<String, String> content = new LinkedHashMap<>();
        String text = "x".repeat(size);
        for (int i = 0; i < files; i++) {
            content.put("file" + i + ".txt", text);
        }
        return content;
    }

    private AgentProcess server(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--", "current/app"));
        return AgentProcess.start(
                folder, AgentProcess.arguments("server", registry.url(), app, arguments.toArray(String[]::new)));
    }

    private AgentProcess assets(String... more) throws IOException {
        return AgentProcess.start(folder, AgentProcess.arguments("assets", registry.url(), app, more));
    }
}
