package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.load.LoadServer;
import dewy.tck.load.MixedLoad;
import dewy.tck.load.MixedLoad.Connector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server behind the built-in proxy, under a load of all kinds. */
final class MixedTrafficSite implements AutoCloseable {
    private static final Duration DRAIN_TIME = Duration.ofSeconds(2);
    private static final int MOST_REFUSED = 20;

    private final Path folder;
    private final Path app;
    private final Registry registry;
    private final String[] arguments;
    private final Connector connector;
    private final List<String> refused = new ArrayList<>();
    private AgentProcess agent;
    private int published;

    /**
     * @param options of the proxy
     */
    MixedTrafficSite(Path folder, int port, Connector connector, List<String> options) throws Exception {
        this.folder = folder;
        app = Files.createDirectories(folder.resolve("app"));
        registry = Registry.in(folder.resolve("registry"));
        List<String> more = new ArrayList<>(List.of("--proxy", "builtin", "-p", "127.0.0.1:" + port));
        more.addAll(options);
        more.addAll(List.of("--ready-time", "0", "--drain-time", DRAIN_TIME.toSeconds() + "s", "--", "current/app"));
        arguments = AgentProcess.arguments("server", registry.url(), app, more.toArray(String[]::new));
        this.connector = connector;
        String unused = publish();
        agent = start();
    }

    /** Begins to ask, once the first version is there. */
    MixedLoad load() throws InterruptedException {
        agent.await("Deployment completed");
        return MixedLoad.on(connector, DRAIN_TIME);
    }

    AgentProcess agent() {
        return agent;
    }

    /** Starts another agent in the place of one that was killed. */
    void startAgent() throws IOException {
        agent = start();
    }

    private AgentProcess start() throws IOException {
        return AgentProcess.start(folder, arguments);
    }

    /** Publishes the next version, and returns its name. */
    String publish() throws Exception {
        published++;
        String version = "v1." + published + ".0";
        Path classes = Path.of(LoadServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        registry.publishScript(
                version,
                """
                #!/bin/sh
                here=$(dirname "$(readlink -f "$0")")
                exec '%s' -Xmx64m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s "$here/VERSION"
                """
                        .formatted(AgentProcess.java(), classes, LoadServer.class.getName()));
        return version;
    }

    /**
     * Has another version of the bundle take the place of the one that is at work. Where it is refused, since its data plane is
     * late on a host that has more to do than this, the version before goes on, which nobody is to notice either, and it is
     * tried again.
     */
    void updateProxy(int number) throws IOException {
        Path jars = Files.createDirectories(folder.resolve("jars"));
        Path jar = PluginCopy.of("dewy.proxy", "0.1." + number, jars);
        ControlClient control = new ControlClient(app.resolve(".dewy"));
        ControlClient.Answer answer = control.ask("dewy:plugin", "update", jar.toString());
        while (answer.exitCode() != 0 && refused.size() < MOST_REFUSED) {
            refused.add(answer.text());
            answer = control.ask("dewy:plugin", "update", jar.toString());
        }
        assertThat(answer.text()).contains("0.1." + number);
    }

    /** Returns why versions of the bundle were refused at first. */
    List<String> refused() {
        return refused;
    }

    @Override
    public void close() throws Exception {
        agent.close();
        Processes.leftBy(folder).forEach(ProcessHandle::destroyForcibly);
    }
}
