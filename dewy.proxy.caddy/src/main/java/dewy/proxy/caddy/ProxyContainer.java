package dewy.proxy.caddy;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.engine.Container;
import dewy.engine.Engine;
import dewy.engine.EngineFailures;
import dewy.engine.Images;
import dewy.engine.Networks;
import dewy.engine.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The container in which the Caddy of one app runs. It is known by its labels, and tells by them what it was made for. */
record ProxyContainer(Engine engine, Owner owner, CaddySettings settings) {
    /** What the first one of an engine is called, unless its user says something else. */
    static final String NAME = "app-proxy";

    static final String ROLE = "proxy";

    private static final String ALIAS = "dewy-current";
    private static final String PURPOSE = "dewy.purpose";
    /** Has the kernel give connections that nobody accepted yet to the next one who listens at the port; it can from 5.14 on. */
    private static final Map<String, String> MIGRATION = Map.of("net.ipv4.tcp_migrate_req", "1");

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration UNDO = Duration.ofSeconds(5);
    private static final int LAST_LINES = 5;

    Optional<Container> find(Call call) throws DewyException {
        return engine.list(call, owner.labels(ROLE)).stream().findFirst();
    }

    /** Returns whether it was made for what the settings say now; what Caddy can be told does not count. */
    boolean fits(Container container) {
        return purpose().equals(container.labels().get(PURPOSE));
    }

    /** Starts one anew, and returns it once Caddy answers. */
    Container start(Call call) throws DewyException {
        new Images(engine).ensure(call, settings.image());
        new Networks(engine).ensure(call, settings.network());
        String name = create(call, sysctls(call));
        boolean runs = false;
        try {
            engine.start(call, name);
            awaitAnswer(call, name);
            Container started = engine.inspect(call, name);
            runs = true;
            return started;
        } catch (UnreachableException e) {
            throw EngineFailures.isPortTaken(e) ? portTaken(name, e) : e;
        } finally {
            if (!runs) {
                undo(name);
            }
        }
    }

    /** Returns once Caddy answers. */
    void awaitAnswer(Call call, String name) throws DewyException {
        Admin admin = new Admin(engine, name);
        while (!admin.answers(call)) {
            Container container = engine.inspect(call, name);
            if (!container.isRunning()) {
                throw new ApplicationException(Problem.of(
                        "start the proxy",
                        name + " of " + settings.image(),
                        container.state().detail() + "; it wrote: "
                                + String.join(" | ", engine.lastLines(call, name, LAST_LINES)),
                        "Check --proxy-image"));
            }
            call.pause(PAUSE);
        }
    }

    /** Ends it with all that is in flight. The network stays, for others may be about to use it. */
    void remove(Call call, String name) throws DewyException {
        try {
            engine.remove(call, name);
        } catch (NotFoundException e) {
            call.check(); // It is gone already.
        }
    }

    /** Returns where each listener is on this host, in their order; 0 for one that is not published. */
    List<Integer> published(Container container) {
        List<Integer> ports = new ArrayList<>();
        for (int index = 0; index < settings.listeners().size(); index++) {
            ports.add(container.ports().getOrDefault(CaddyConfig.port(settings, index), 0));
        }
        return ports;
    }

    /** Returns under which name the app is found in the network where it stands behind a proxy of a name. */
    String alias(String name) {
        return settings.alias().orElse(name.equals(NAME) ? ALIAS : ALIAS + "-" + owner.app());
    }

    /** Two apps may begin at once, and then it is the engine which says who was first. */
    private String create(Call call, Map<String, String> sysctls) throws DewyException {
        String name = freeName(call);
        try {
            engine.create(call, name, settings.image(), command -> describe(command, sysctls));
        } catch (UnreachableException e) {
            String other = freeName(call);
            if (other.equals(name)) {
                throw e;
            }
            name = other;
            engine.create(call, name, settings.image(), command -> describe(command, sysctls));
        }
        return name;
    }

    /** The name of the first is that of another app of Dewy's perhaps: then the others have that of their app in theirs. */
    private String freeName(Call call) throws DewyException {
        String first = settings.name().orElse(NAME);
        Optional<Container> holder = holder(call, first);
        if (holder.isEmpty()) {
            return first;
        }
        String own = NAME + "-" + owner.app();
        boolean isOfDewy = ROLE.equals(holder.get().labels().get(Owner.ROLE));
        if (settings.name().isEmpty() && isOfDewy && holder(call, own).isEmpty()) {
            return own;
        }
        String taken = settings.name().isEmpty() && isOfDewy ? own : first;
        throw new InvalidException(
                new Problem(
                        "start the proxy",
                        taken,
                        "there is a container of this name, which is not that of this app",
                        "Remove it with docker rm -f " + taken + ", or choose another name by --proxy-name"),
                List.of("name"));
    }

    private Optional<Container> holder(Call call, String name) throws DewyException {
        try {
            return Optional.of(engine.inspect(call, name));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /** Caddy listens anew with each change, beside itself, and closes then what it listened at before. */
    private Map<String, String> sysctls(Call call) throws DewyException {
        boolean isThere = Version.parse(engine.kernel(call))
                .filter(kernel -> kernel.isAtLeast(5, 14))
                .isPresent();
        return isThere ? MIGRATION : Map.of();
    }

    private void describe(CreateContainerCmd command, Map<String, String> sysctls) {
        Map<String, String> labels = new HashMap<>(owner.labels(ROLE));
        labels.put(PURPOSE, purpose());
        List<PortBinding> bindings = bindings();
        HostConfig host = HostConfig.newHostConfig()
                .withNetworkMode(settings.network())
                .withPortBindings(bindings)
                .withSysctls(sysctls)
                .withRestartPolicy(RestartPolicy.unlessStoppedRestart());
        if (settings.hosting().isEncrypted() || settings.ownConfig().isPresent()) {
            host.withMounts(List.of(new Mount()
                    .withType(MountType.VOLUME)
                    .withSource("dewy-caddy-" + owner.agent() + "-" + owner.app())
                    .withTarget("/data")));
        }
        command.withLabels(labels)
                .withEnv("XDG_DATA_HOME=/data", "XDG_CONFIG_HOME=/config")
                .withEntrypoint("caddy")
                .withCmd("run", "--resume")
                .withExposedPorts(
                        bindings.stream().map(PortBinding::getExposedPort).toList())
                .withHostConfig(host);
    }

    private List<PortBinding> bindings() {
        List<PortBinding> bindings = new ArrayList<>();
        for (int index = 0; index < settings.listeners().size(); index++) {
            var address = settings.listeners().get(index).address();
            bindings.add(binding(address.host(), address.port(), CaddyConfig.port(settings, index)));
        }
        if (settings.hosting().isEncrypted()) {
            bindings.add(binding("", settings.hosting().httpPort(), CaddyConfig.HTTP_PORT));
        }
        return bindings;
    }

    private static PortBinding binding(String host, int port, int inside) {
        return new PortBinding(new Ports.Binding(host, Integer.toString(port)), ExposedPort.tcp(inside));
    }

    private String purpose() {
        return settings.image() + " " + settings.network() + " "
                + bindings().stream().map(PortBinding::toString).toList() + " "
                + settings.name().orElse("");
    }

    private static UnreachableException portTaken(String name, UnreachableException failure) {
        return new UnreachableException(
                new Problem(
                        "start the proxy",
                        name,
                        failure.problem().why(),
                        "End what listens there, or choose another port by --proxy-port"),
                failure);
    }

    private void undo(String name) {
        try (CancellableCall call = CancellableCall.of("end of " + name, UNDO)) {
            remove(call, name);
        } catch (DewyException e) {
            // The engine is away, which is why it does not start: it is found by its labels once that is back.
        }
    }
}
