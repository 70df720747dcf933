package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.launcher.demo.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A server whose agents come and go: each is killed, and the next one takes over and upgrades. */
final class TakeoverRounds implements AutoCloseable {
    /** How the agents get the socket. */
    enum Way {
        STORE,
        PIDFD,
        REUSEPORT,
        /** The best one that works. */
        ANY;

        private List<String> flag() {
            return this == ANY ? List.of() : List.of("-Ddewy.takeover=" + name().toLowerCase(Locale.ROOT));
        }
    }

    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    private final Path folder;
    private final Path app;
    private final AgentCommand command;
    private final Optional<DescriptorKeeper> keeper;
    private final Registry registry;
    private final String script;
    private final int port;
    private AgentProcess agent;
    private int published;

    private TakeoverRounds(
            Path folder, AgentCommand command, Optional<DescriptorKeeper> keeper, String script, Way first)
            throws IOException {
        this.folder = folder;
        this.app = folder.resolve("app");
        this.command = command;
        this.keeper = keeper;
        this.registry = Registry.in(folder.resolve("registry"));
        this.script = script;
        this.port = Ports.free();
        publish();
        this.agent = start(first);
    }

    /**
     * Starts the first agent.
     *
     * @param user root or nobody
     * @param script the server
     */
    static TakeoverRounds in(Path folder, AgentCommand command, String user, String script, Way way)
            throws IOException {
        for (Path owned : List.of(folder, folder.resolve("app"))) {
            Files.createDirectories(owned);
            Files.setOwner(
                    owned, owned.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
        }
        Optional<DescriptorKeeper> keeper =
                way == Way.STORE ? Optional.of(DescriptorKeeper.in(folder)) : Optional.empty();
        List<String> by = new ArrayList<>(keeper.map(DescriptorKeeper::starting).orElse(List.of()));
        by.addAll(user.equals("nobody") ? AS_NOBODY : List.of());
        return new TakeoverRounds(folder, command.by(by), keeper, script, way);
    }

    /** Runs so many rounds; returns how many requests there were, none of which failed. */
    long run(int rounds, Way way) throws Exception {
        agent.await("Deployment completed");
        try (Load load = load()) {
            for (int round = 1; round <= rounds; round++) {
                Set<String> before = ListeningInodes.on(port);
                agent.kill();
                agent = start(way);
                agent.await("Take over running server");
                publish();
                load.awaitVersion(newest());
                agent.await("Deployment completed");
                assertThat(load.failures())
                        .as("round " + round + "\n" + agent.output())
                        .isEmpty();
                assertWentThatWay(way, before);
            }
            load.close();
            assertThat(load.failures()).isEmpty();
            assertThat(agent.stop()).isZero();
            assertThat(Processes.leftBy(folder)).isEmpty();
            return load.requests();
        }
    }

    /** Asserts that an agent that may only go that way does not get the socket, and disturbs nobody. */
    void isNoWay(Way way) throws Exception {
        agent.await("Deployment completed");
        try (Load load = load()) {
            agent.kill();
            agent = start(way);
            assertThat(agent.exitCode()).isNotZero();
            assertThat(agent.output()).contains("Cannot take over the socket", "nobody lets it go");
            load.close();
            assertThat(load.failures()).isEmpty();
        }
        publish();
        agent = start(Way.ANY);
    }

    private void assertWentThatWay(Way way, Set<String> before) throws IOException {
        if (way == Way.REUSEPORT || way == Way.ANY) {
            assertThat(ListeningInodes.on(port)).hasSize(1).doesNotContainAnyElementsOf(before);
        } else {
            assertThat(ListeningInodes.on(port)).isEqualTo(before);
        }
    }

    private Load load() {
        return Load.on(port, 2, 1, Duration.ofMillis(25));
    }

    private String newest() {
        return "v1." + published + ".0";
    }

    private void publish() throws IOException {
        published++;
        registry.publishScript(newest(), script);
    }

    private AgentProcess start(Way way) throws IOException {
        String[] arguments = ("server --registry " + registry.url() + " -i 100ms -f json -l debug -d " + app
                        + " --ready-time 200ms -p 127.0.0.1:" + port + " -- current/app")
                .split(" ", -1);
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", folder.toString());
        return AgentProcess.start(folder, command.with(way.flag()), environment, arguments);
    }

    @Override
    public void close() throws Exception {
        agent.close();
        keeper.ifPresent(DescriptorKeeper::close);
        Processes.leftBy(folder).forEach(ProcessHandle::destroyForcibly);
    }
}
