package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the jar answers, and with which exit code. */
@Timeout(120)
class CommandLineIT {
    @TempDir
    Path folder;

    @Test
    void answersHelpAndVersion() throws Exception {
        assertExit(0, "Usage: dewy server", "server", "--help");
        assertExit(0, "dewy 0.", "--version");
    }

    @Test
    void refusesAnUnknownOption() throws Exception {
        assertExit(1, "Did you mean --registry", "server", "--regisry", "file:///r", "--", "app");
    }

    @Test
    void refusesAnUnknownScheme() throws Exception {
        assertExit(
                1,
                "no plugin answers to \"nowhere\". Known are: file",
                "assets",
                "--registry",
                "nowhere://x",
                "-d",
                folder.toString());
    }

    @Test
    void namesEveryWrongParameterOfAUrl() throws Exception {
        assertExit(1, "unknown parameter", "assets", "--registry", "file:///r?colour=red", "-d", folder.toString());
    }

    @Test
    void refusesAHomeThatIsAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertExit(3, file.toString(), "assets", "--registry", "file:///r", "--home", file.toString());
    }

    @Test
    void saysOfNothingThatItStartedWhichItRefuses() throws Exception {
        String dir = folder.toString();
        assertRefused(1, "cannot use --interval", "assets", "--registry", "file:///r", "-d", dir, "-i", "soon");
        assertRefused(
                1,
                "cannot use --port: 99999",
                "server",
                "--registry",
                "file:///r",
                "-d",
                dir,
                "-p",
                "99999",
                "--",
                "a");
        Path apps = Files.writeString(folder.resolve("apps.yaml"), "apps: [\n");
        assertRefused(1, "this is not YAML", "host", "-d", dir, "--config", apps.toString());
        Path unreadable = Files.createDirectory(folder.resolve("dewy.yaml"));
        assertRefused(3, unreadable.toString(), "host", "-d", dir);
    }

    @Test
    void saysOfOptionsWhatIsWrongAlsoWhenNothingIsToBeDone() throws Exception {
        String dir = folder.toString();
        String releases = folder.resolve("releases").toString();
        assertRefused(
                1,
                "A folder is written file://" + releases,
                "assets",
                "--registry",
                "releases",
                "--dry-run",
                "-d",
                dir);
        assertRefused(
                1,
                "cannot use --registry: it does not start with a scheme. A folder is written file:///srv; --port: abc:"
                        + " \"abc\" is not a port, a number up to 65535",
                "server",
                "--dry-run",
                "--registry",
                "/srv",
                "-d",
                dir,
                "-p",
                "abc",
                "--",
                "a");
    }

    @Test
    void refusesAPortThatIsTaken() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishScript("v1.0.0", "#!/bin/sh\nexec sleep 600\n");
        int port = Ports.free();
        try (java.net.ServerSocket taken =
                        new java.net.ServerSocket(port, 1, java.net.InetAddress.getLoopbackAddress());
                AgentProcess agent = AgentProcess.start(
                        folder,
                        "server",
                        "--registry",
                        registry.url(),
                        "-f",
                        "json",
                        "-d",
                        folder.toString(),
                        "-p",
                        "127.0.0.1:" + taken.getLocalPort(),
                        "--",
                        "current/app")) {
            assertThat(agent.await("Deploy failure").getOrDefault("error", ""))
                    .contains("127.0.0.1:" + port)
                    .contains("in use");
        }
    }

    @Test
    void reportsARegistryThatCannotBeReadAndRecovers() throws Exception {
        Path missing = folder.resolve("registry");
        try (AgentProcess agent =
                AgentProcess.start(folder, AgentProcess.arguments("assets", "file://" + missing, folder))) {
            assertThat(agent.await("Deploy failure").getOrDefault("error", "")).contains(missing.toString());
            agent.await("Deploy still failing");
            Registry.in(missing).publish("v1.0.0", Map.of("page.html", "x"));
            agent.await("Deployment completed");
            agent.await("Deploy recovered");
        }
    }

    @Test
    void keepsASecondAgentOffTheFolder() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        try (AgentProcess first = AgentProcess.start(
                folder, "assets", "--registry", registry.url(), "-f", "json", "-d", folder.toString())) {
            first.await("App added");
            assertExit(1, "pid " + first.pid(), "assets", "--registry", registry.url(), "-d", folder.toString());
            assertRefused(
                    1,
                    "pid " + first.pid(),
                    "assets",
                    "--registry",
                    registry.url(),
                    "-d",
                    folder.toString(),
                    "--home",
                    folder.resolve("other").toString());
        }
    }

    @Test
    void answersTheShell() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "x"));
        try (AgentProcess agent = AgentProcess.start(
                folder, "assets", "--registry", registry.url(), "-f", "json", "-n", "site", "-d", folder.toString())) {
            agent.await("Deployment completed");
            assertExit(0, "\"version\" : \"v1.0.0\"", "shell", "-d", folder.toString(), "status", "--json");
            assertExit(0, "v1.0.0 is deployed", "shell", "-d", folder.toString(), "deploy", "site");
            assertExit(0, "found nothing to do", "shell", "-d", folder.toString(), "explain");
            assertExit(0, "dewy.registry.file", "shell", "-d", folder.toString(), "plugins");
            assertExit(0, "dewy.core", "shell", "-d", folder.toString(), "lb");
            assertExit(1, "did you mean site?", "shell", "-d", folder.toString(), "status", "sites");
            assertExit(1, "did you mean status?", "shell", "-d", folder.toString(), "statsu");
            assertExit(1, "no option", "shell", "-d", folder.toString(), "status", "--colour");
        }
        assertExit(2, "no agent", "shell", "-d", folder.toString(), "status");
    }

    @Test
    void losesNothingOnAFullDisk() throws Exception {
        Tools.requireRoot();
        Tools.require("mount");
        Path small = Files.createDirectories(folder.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", small.toString());
        try {
            Registry registry = Registry.in(folder.resolve("registry"));
            registry.publish("v1.0.0", Map.of("page.html", "good"));
            try (AgentProcess agent = AgentProcess.start(
                    folder,
                    AgentProcess.arguments(
                            "assets",
                            registry.url(),
                            small.resolve("app"),
                            "--home",
                            folder.resolve("home").toString()))) {
                agent.await("Deployment completed");
                registry.publish("v1.1.0", Map.of("large.txt", incompressible(30 << 20)));
                assertThat(agent.await("Deploy failure").getOrDefault("error", ""))
                        .containsIgnoringCase("space");
                assertThat(small.resolve("app/current/page.html")).hasContent("good");
                registry.publish("v1.2.0", Map.of("page.html", "small again"));
                agent.await("Deployment completed");
                assertThat(small.resolve("app/current/page.html")).hasContent("small again");
            }
        } finally {
            run("umount", small.toString());
        }
    }

    private static String incompressible(int length) {
        java.util.Random random = new java.util.Random(7);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('!' + random.nextInt(94)));
        }
        return text.toString();
    }

    private void assertRefused(int code, String expected, String... arguments) throws Exception {
        try (AgentProcess process = AgentProcess.start(folder, arguments)) {
            int actual = process.exitCode();
            assertThat(process.output()).contains(expected).doesNotContain("Dewy started");
            assertThat(actual).as(process.output()).isEqualTo(code);
        }
    }

    private void assertExit(int code, String expected, String... arguments) throws Exception {
        try (AgentProcess process = AgentProcess.start(folder, arguments)) {
            int actual = process.exitCode();
            assertThat(process.output()).contains(expected);
            assertThat(actual).as(process.output()).isEqualTo(code);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
