package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.launcher.demo.Load;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Apps of a file, added, changed and removed while one of them is under load. */
@Timeout(180)
class ConfigIT {
    @TempDir
    Path folder;

    private Registry registry;
    private Path file;
    private int port;

    @BeforeEach
    void prepare() throws Exception {
        Tools.require("python3");
        registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        file = folder.resolve("dewy.yaml");
        port = Ports.free();
    }

    @Test
    void keepsToTheFileWithoutLosingARequest() throws Exception {
        write(web("interval: 200ms"));
        try (AgentProcess agent = host()) {
            agent.await("Configuration applied");
            agent.await("Deployment completed");
            try (Load load = Load.on(port, 1, 1, Duration.ofMillis(5))) {
                load.awaitVersion("v1.0.0");

                write(web("interval: 200ms") + site());
                assertThat(agent.await("Configuration applied")).containsEntry("added", "site");
                agent.await(
                        "the site",
                        record -> "Deployment completed".equals(record.get("msg")) && "site".equals(record.get("app")));

                write(web("interval: 300ms") + site());
                assertThat(agent.await("Configuration applied")).containsEntry("changed", "web");
                agent.await(
                        "the first cycle of the changed app",
                        record -> "Deploy skipped".equals(record.get("msg")) && "web".equals(record.get("app")));
                assertThat(agent.count("Server started")).isEqualTo(1);

                write(web("interval: 200ms\n    stop-timeout: 20s") + site());
                assertThat(agent.await("Configuration applied")).containsEntry("changed", "web");
                agent.await("Restart notification");
                assertThat(agent.count("Server started")).isEqualTo(2);

                write(web("interval: 200ms\n    stop-timeout: 20s"));
                assertThat(agent.await("Configuration applied")).containsEntry("removed", "site");

                registry.publishServer("v1.1.0");
                load.awaitVersion("v1.1.0");
                load.close();
                assertThat(load.failures()).isEmpty();
            }
            assertThat(agent.count("Deploy failure")).isZero();
            assertThat(folder.resolve("site/current/app")).exists();
            assertThat(agent.stop()).isZero();
        }
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    /** Who connects between the two waits. */
    @Test
    void putsAProxyInFrontOfAnAppAndTakesItAwayAgain() throws Exception {
        write(web("interval: 200ms"));
        try (AgentProcess agent = host();
                Load load = loadOnceDeployed(agent)) {
            change(agent, load, "builtin", "v2.0.0");
            change(agent, load, "none", "v3.0.0");
            load.close();
            assertThat(load.failures()).isEmpty();
            assertThat(agent.stop()).isZero();
        }
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    /** Who comes once the server runs again is served, also by the version after it; and so is who goes on asking. */
    private void change(AgentProcess agent, Load load, String proxy, String version) throws Exception {
        write(web("interval: 200ms\n    proxy: " + proxy));
        agent.await("App stopped");
        agent.await("Server started");
        Releases.await(this::serves, agent::output);
        try (Load next = Load.on(port, 1, 1, Duration.ofMillis(5))) {
            registry.publishServer(version);
            next.awaitVersion(version);
            next.close();
            assertThat(next.failures()).isEmpty();
        }
        load.awaitVersion(version);
    }

    private boolean serves() {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return client.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Load loadOnceDeployed(AgentProcess agent) throws InterruptedException {
        agent.await("Deployment completed");
        return Load.on(port, 1, 1, Duration.ofMillis(5));
    }

    @Test
    void refusesAWrongFileWholeAndKeepsTheOneBefore() throws Exception {
        write(web("interval: 200ms"));
        try (AgentProcess agent = host()) {
            agent.await("Deployment completed");
            write(site() + web("interval: soon"));
            assertThat(agent.await("Configuration refused, the one before stays in force")
                            .getOrDefault("error", ""))
                    .contains("line 7: apps.web.interval: soon is not a time");
            registry.publishServer("v1.1.0");
            agent.await("Deployment completed");
            assertThat(folder.resolve("site")).doesNotExist();
            write(site() + web("interval: 200ms"));
            assertThat(agent.await("Configuration applied")).containsEntry("added", "site");
            assertThat(agent.count("Configuration refused, the one before stays in force"))
                    .isEqualTo(1);
        }
    }

    @Test
    void doesNotStartWithAWrongFile() throws Exception {
        write(web("prot: 80"));
        try (AgentProcess agent = host()) {
            assertThat(agent.exitCode()).isEqualTo(1);
            assertThat(agent.output()).contains("line 6: apps.web.prot: unknown option \"prot\"");
        }
    }

    @Test
    void saysOfAValueWhichKeyHasIt() throws Exception {
        write(
                """
                apps:
                  web:
                    registry: file:///r
                    port: 99999
                    run: [current/app]
                """);
        assertThat(config(1, "check", file.toString()))
                .contains("line 4: apps.web.port: 99999: \"99999\" is not a port")
                .doesNotContain("port=");
    }

    @Test
    void namesEverythingThatIsWrongWithAFileAtOnce() throws Exception {
        write(
                """
                apps:
                  web:
                    registry: /srv/releases
                    port: abc
                    notifier: nowhere://x
                    interval:
                    prot: 80
                    run: [current/app]
                  site:
                    registry: releases
                    cache: nowhere
                extra: 1
                """);
        assertThat(config(1, "check", file.toString()))
                .contains(
                        "8 mistakes",
                        "line 3: apps.web.registry: it does not start with a scheme. A folder is written"
                                + " file:///srv/releases\n",
                        "line 4: apps.web.port: abc: \"abc\" is not a port, a number up to 65535\n",
                        "line 5: apps.web.notifier: no plugin answers to \"nowhere\"",
                        "line 6: apps.web.interval has no value\n",
                        "line 7: apps.web.prot: unknown option \"prot\"\n",
                        "line 10: apps.site.registry: no plugin answers to \"releases\". A folder is written file://"
                                + file.resolveSibling("releases") + "\n",
                        "line 11: apps.site.cache: no plugin answers to \"nowhere\"",
                        "line 12: unknown key \"extra\"")
                .doesNotContain("dewy-config-", "process:");
    }

    @Test
    void checksAndPrintsAFile() throws Exception {
        write(web("interval: 200ms"));
        assertThat(config(0, "check", file.toString())).contains("is well, with 1 app");
        Path printed = Files.writeString(folder.resolve("printed.yaml"), config(0, "print", file.toString()));
        assertThat(config(0, "print", printed.toString())).isEqualTo(Files.readString(printed));
        write("apps:\n  web: {registry: 'nowhere://x'}\n");
        assertThat(config(1, "check", file.toString()))
                .contains("line 2: apps.web.registry: no plugin answers to \"nowhere\"");
        assertThat(config(0, "print", "assets", "--registry", "file:///r", "-d", "/srv/site"))
                .contains("site:")
                .contains("dir: /srv/site");
    }

    @Test
    void listsEachMistakeOnALineOfItsOwn() throws Exception {
        write(
                """
                apps:
                  web:
                    registry: nowhere://x
                    run: [current/app]
                  site:
                    registry: file:///r
                    interval: soon
                    keep-releases: 0
                  box:
                    registry: file:///r
                    command: jail
                """);
        assertThat(config(1, "check", file.toString()).lines())
                .containsExactly(
                        "dewy: Cannot use the file " + file + ": 4 mistakes",
                        "  line 3: apps.web.registry: no plugin answers to \"nowhere\". Known are: file, ghr, github, grpc, gs, img, s3."
                                + " Another one is added by putting its jar into the folder plugins of the agent home",
                        "  line 7: apps.site.interval: soon is not a time such as 30s",
                        "  line 8: apps.site.keep-releases: 0 is not a whole number from 1 to 1000",
                        "  line 11: apps.box.command: there is no such command. Use server, assets or container");
    }

    @Test
    void namesKeysOfPluginsDirectoriesThatAreTakenAndDefaultsOnce() throws Exception {
        Files.writeString(
                file,
                """
                defaults:
                  registry: file:///r
                  interval: soon
                apps:
                  web:
                    runtime: nowhere
                    run: [current/app]
                  shop:
                    proxy: nothing
                    run: [current/app]
                  site:
                    dir: web
                    runtime: process
                """);
        assertThat(config(1, "check", file.toString()))
                .contains(
                        "5 mistakes\n",
                        "  line 3: defaults.interval: soon is not a time such as 30s\n",
                        "  line 6: apps.web.runtime: no plugin answers to \"nowhere\"",
                        "  line 9: apps.shop.proxy: no plugin answers to \"nothing\"",
                        "  line 12: apps.site.dir: " + folder.toRealPath()
                                + "/web is the directory of apps.web already\n",
                        "  line 11: apps.site.run: there is no command to start\n");
    }

    @Test
    void saysWhatIsWrongWithAFolderInPlaceOfAFile() throws Exception {
        String told = "dewy: Cannot read the file " + folder + ": it is a folder. Name the file in it";
        assertThat(config(3, "check", folder.toString())).contains(told);
        try (AgentProcess agent = AgentProcess.start(folder, "host", "--config", folder.toString())) {
            assertThat(agent.exitCode()).isEqualTo(3);
            assertThat(agent.output()).contains(told);
        }
    }

    @Test
    void printsDirectoriesThatDoNotDependOnWhereItIsRead() throws Exception {
        write("apps:\n  site: {registry: 'file:///r', dir: sub/../www}\n  other: {registry: 'file:///r'}\n");
        assertThat(config(0, "print", "dewy.yaml"))
                .contains("dir: " + folder.toRealPath() + "/www\n", "dir: " + folder.toRealPath() + "/other\n");
        assertThat(config(0, "print", "assets", "--registry", "file:///r", "-d", "sub/../www"))
                .contains("dir: " + folder.toRealPath() + "/www\n");
    }

    private String config(int code, String... arguments) throws Exception {
        String[] line = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("config"), java.util.Arrays.stream(arguments))
                .toArray(String[]::new);
        try (AgentProcess process = AgentProcess.start(folder, line)) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(code);
            return process.output() + "\n";
        }
    }

    private AgentProcess host() throws IOException {
        return AgentProcess.start(folder, "host", "-d", folder.toString(), "-f", "json", "-l", "debug");
    }

    private String web(String more) {
        return """
                  web:
                    registry: %s
                    port: 127.0.0.1:%d
                    run: [current/app]
                    %s
                    ready-time: 200ms
                """
                .formatted(registry.url(), port, more);
    }

    private String site() {
        return "  site: {registry: '%s', interval: 200ms}\n".formatted(registry.url());
    }

    private void write(String apps) throws IOException {
        Path part = Files.writeString(folder.resolve("dewy.yaml.new"), "apps:\n" + apps.replace("apps:\n", ""));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
