package dewy.runtime.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import dewy.api.plugin.AppContext;
import dewy.api.route.ContainerNetwork;
import dewy.api.runtime.Activation;
import dewy.engine.Container;
import dewy.engine.Engine;
import dewy.engine.EngineFailures;
import dewy.engine.Networks;
import dewy.engine.Owner;
import dewy.replicas.Generation;
import dewy.replicas.Replica;
import dewy.replicas.ReplicaHost;
import dewy.runtime.docker.options.ContainerTemplate;
import dewy.runtime.docker.output.ContainerOutput;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** The containers of one app, as the engine runs them. Safe for use by several threads. */
final class Containers implements ReplicaHost {
    private static final int MOST_TRIES = 5;

    private final Engine engine;
    private final Owner owner;
    private final AppContext app;
    private final DockerSettings settings;
    private final Readiness readiness;
    private final Optional<ContainerOutput> output;

    Containers(Engine engine, Owner owner, AppContext app, DockerSettings settings) {
        this.engine = engine;
        this.owner = owner;
        this.app = app;
        this.settings = settings;
        readiness = new Readiness(engine, settings.readiness(), settings.template()::masked, app.events());
        output = settings.template().isLogged()
                ? Optional.of(new ContainerOutput(
                        engine, app.stateDirectory(), app.name(), settings.logSize(), settings.template()::masked))
                : Optional.empty();
    }

    @Override
    public void ping(Call call) throws DewyException {
        engine.ping(call);
    }

    @Override
    public void start(Call call, Generation generation, Collection<String> names) throws DewyException {
        ContainerPorts ports = ports(call, generation.image());
        Optional<ContainerNetwork> network = settings.networkOf(app);
        if (network.isPresent()) {
            new Networks(engine).ensure(call, network.get().name());
        }
        String name = newName(generation);
        names.add(name);
        engine.create(call, name, generation.image(), command -> describe(command, generation, ports));
        startAtFreePorts(call, name);
        output.ifPresent(log -> log.follow(name));
        readiness.await(call, name);
    }

    /** The engine knows which ports it gave away itself, and not what others listen at: with each try it takes the next ones. */
    private void startAtFreePorts(Call call, String name) throws DewyException {
        for (int tries = 1; ; tries++) {
            try {
                engine.start(call, name);
                return;
            } catch (UnreachableException e) {
                if (tries == MOST_TRIES || !EngineFailures.isPortTaken(e)) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void requireStartable(Call call, Activation activation) throws DewyException {
        ContainerPorts unused = ports(call, activation.image().orElse(""));
        Optional<String> own = settings.template().ownNetwork();
        Optional<ContainerNetwork> network = settings.networkOf(app);
        if (network.isPresent()) {
            settings.template().requireNoNetwork(network.get().name());
        } else if (own.isPresent()) {
            engine.requireNetwork(call, own.get());
        }
    }

    @Override
    public Optional<Replica> find(Call call, String name) throws DewyException {
        return inspect(call, name).map(Containers::replica);
    }

    @Override
    public List<Replica> list(Call call) throws DewyException {
        return engine.list(call, owner.labels("app")).stream()
                .map(Containers::replica)
                .toList();
    }

    /** It comes with what it wrote last. */
    @Override
    public String obituary(Call call, String name) throws DewyException {
        Optional<Container> found = inspect(call, name);
        if (found.isEmpty()) {
            return "it was removed";
        }
        String why = found.get().isRunning()
                ? "its health check failed: " + found.get().health().detail()
                : found.get().state().detail();
        List<String> lines = readiness.lastLines(call, name);
        return settings.template().masked(lines.isEmpty() ? why : why + "; it wrote: " + String.join(" | ", lines));
    }

    @Override
    public void end(Call call, String name, Duration limit) throws DewyException {
        try {
            engine.stop(call, name, limit);
            if (output.isPresent()) {
                output.get().awaitEnd(call, name);
            }
            remove(call, name);
        } catch (NotFoundException e) {
            call.check(); // It is gone already.
        }
    }

    @Override
    public void kill(Call call, String name) throws DewyException {
        try {
            remove(call, name);
        } catch (NotFoundException e) {
            call.check(); // It is gone already.
        }
    }

    @Override
    public Registration watch(Call call, Consumer<String> ended, Runnable lost) throws DewyException {
        CancellableCall life = CancellableCall.endless("watch of containers");
        Registration watch = () -> {
            life.cancel("it is over");
            life.close();
            output.ifPresent(ContainerOutput::close);
        };
        boolean begun = false;
        try {
            engine.watch(call, life, owner.labels("app"), ended, lost);
            if (output.isPresent()) {
                output.get().followAll(list(call).stream().map(Replica::name).toList());
            }
            begun = true;
            return watch;
        } finally {
            if (!begun) {
                watch.close();
            }
        }
    }

    private void remove(Call call, String name) throws DewyException {
        engine.remove(call, name);
        output.ifPresent(log -> log.forget(name));
    }

    private Optional<Container> inspect(Call call, String name) throws DewyException {
        try {
            return Optional.of(engine.inspect(call, name));
        } catch (NotFoundException e) {
            call.check(); // Somebody removed it.
            return Optional.empty();
        }
    }

    private ContainerPorts ports(Call call, String image) throws DewyException {
        return ContainerPorts.of(
                image,
                Optional.ofNullable(engine.image(call, image).getConfig()),
                settings.containerPort(),
                app.router());
    }

    /** Labels are there from the first moment on; where the app listens is told to nobody but this host. */
    private void describe(CreateContainerCmd command, Generation generation, ContainerPorts ports) {
        ContainerTemplate template = settings.template();
        HostConfig host = HostConfig.newHostConfig();
        template.applyTo(command, host);
        Map<String, String> variables = new HashMap<>(template.environment());
        variables.putAll(generation.activation().environment());
        Map<String, String> labels = new HashMap<>(template.labels());
        labels.putAll(owner.labels("app"));
        labels.putAll(generation.labels());
        Optional<ContainerNetwork> network = settings.networkOf(app);
        network.ifPresent(one -> labels.putAll(ports.labels(one)));
        ports.main().ifPresent(port -> labels.put(ContainerPorts.MAIN, port.toString()));
        command.withEnv(variables.entrySet().stream()
                        .map(one -> one.getKey() + "=" + one.getValue())
                        .toList())
                .withLabels(labels)
                .withExposedPorts(ports.all().stream().map(ExposedPort::tcp).toList());
        if (!settings.command().isEmpty()) {
            command.withCmd(settings.command());
        }
        if (network.isPresent()) {
            host.withNetworkMode(network.get().name());
        } else if (!template.isInHostNetwork()) {
            host.withPortBindings(
                    ports.all().stream().map(Containers::onLoopback).toList());
        }
        command.withHostConfig(host);
    }

    private static Replica replica(Container container) {
        ContainerPorts.Reach reach = ContainerPorts.Reach.of(container);
        return new Replica(
                container.name(),
                container.image(),
                container.labels(),
                container.isRunning(),
                reach.name(),
                reach.ports(),
                ContainerPorts.main(container),
                new Replica.Details(
                        container.id(),
                        health(container.health()),
                        container.run().restarts(),
                        container.run().started(),
                        container.run().ending()));
    }

    private static Optional<String> health(Container.Health health) {
        return health.status() == Container.Health.Status.UNCHECKED
                ? Optional.empty()
                : Optional.of(health.status().name().toLowerCase(Locale.ROOT));
    }

    private static PortBinding onLoopback(int port) {
        return new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(port));
    }

    private String newName(Generation generation) {
        String id = generation.number() + "-"
                + HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt())
                + HexFormat.of().toHexDigits((byte) ThreadLocalRandom.current().nextInt());
        return settings.template()
                .name()
                .orElse(app.name() + "-" + ContainerTemplate.ID)
                .replace(ContainerTemplate.ID, id);
    }
}
