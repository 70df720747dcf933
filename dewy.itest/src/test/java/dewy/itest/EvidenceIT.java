package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people who look later find of a version that does not become ready. */
@Timeout(120)
class EvidenceIT {
    private static final String PASSWORD = "thePasswordOfTheDatabase";
    private static final String TOKEN = "xoxb-theTokenOfSlack";

    @TempDir
    Path folder;

    @Test
    void isFoundFromEachMessageAndHoldsNoSecret() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishScript("v1.0.0", "#!/bin/sh\nexec sleep 600\n");
        Path app = Files.createDirectories(folder.resolve("web"));
        Map<String, String> environment = Map.of("DB_PASSWORD", PASSWORD, "SLACK_TOKEN", TOKEN);
        try (AgentProcess agent = AgentProcess.start(
                folder,
                List.of("-Xmx96m"),
                environment,
                AgentProcess.arguments(
                        "server",
                        registry.url(),
                        app,
                        "--notifier",
                        "log:",
                        "--ready-time",
                        "2s",
                        "--before-deploy-hook",
                        "echo the hook was here",
                        "--",
                        "current/app"))) {
            agent.await("Deployment completed");
            registry.publishScript("v2.0.0", "#!/bin/sh\nenv | grep DB_ >&2\necho no database here >&2\nexit 3\n");
            String id = agent.await("Release quarantined").getOrDefault("capsule", "");
            assertThat(id).matches("[0-9a-f]{8}");
            agent.find(
                    "the notification",
                    record -> record.getOrDefault("message", "").contains("v2.0.0 is no good")
                            && record.getOrDefault("message", "").endsWith("(capsule " + id + ")"));
            String shown = launch(app, "capsule", id.substring(0, 4));
            assertThat(shown)
                    .contains(
                            "Step        activate (application)",
                            "  | no database here",
                            "  | DB_PASSWORD=***",
                            "  | the hook was here",
                            "exited with code 3",
                            "Deployment started  version=v2.0.0",
                            "dewy.runtime.process")
                    .doesNotContain(PASSWORD, TOKEN);
            for (String json : List.of(
                    Files.readString(app.resolve(".dewy/capsules/" + id + ".json")),
                    shell(app, "capsule", id, "--json"))) {
                assertThat(json).contains("\"id\" : \"" + id + "\"").doesNotContain(PASSWORD, TOKEN);
            }
            for (String command : List.of("status", "explain", "history")) {
                assertThat(shell(app, command)).as(command).contains("apsule").contains(id);
            }
            assertThat(shell(app, "pause")).contains("is paused");
            assertThat(shell(app, "audit").lines())
                    .anyMatch(line -> line.matches(
                            ".* " + System.getProperty("user.name") + " \\(\\d+\\) +socket +pause +web +done .*"))
                    .anyMatch(line -> line.matches(".* dewy +agent +release.quarantined +web +done .*"))
                    .anyMatch(line -> line.matches(".* dewy +command line +app.added +web +done .*"));
            assertThat(agent.stop()).isZero();
        }
    }

    private static String shell(Path app, String... words) throws Exception {
        return new ControlClient(app.resolve(".dewy")).run(words);
    }

    /** Runs the launcher, as people do. */
    private String launch(Path app, String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of("shell", "-d", app.toString()));
        line.addAll(List.of(words));
        try (AgentProcess process = AgentProcess.start(folder, line.toArray(String[]::new))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            return process.output();
        }
    }
}
