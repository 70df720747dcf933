package dewy.runtime.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.plugin.AppContext;
import dewy.engine.Container;
import dewy.engine.Engine;
import dewy.runtime.docker.options.ContainerTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The containers of one app, as the engine runs them. */
final class Replicas {
    private final Engine engine;
    private final Owner owner;
    private final AppContext app;
    private final DockerSettings settings;
    private final Readiness readiness;

    Replicas(Engine engine, Owner owner, AppContext app, DockerSettings settings) {
        this.engine = engine;
        this.owner = owner;
        this.app = app;
        this.settings = settings;
        readiness = new Readiness(engine, settings.readiness(), settings.template()::masked);
    }

    /**
     * Starts a replica, and returns once it is ready.
     *
     * @param names to which its name is added before it exists, so that it can be ended when this throws
     */
    void start(Call call, Generation generation, Collection<String> names) throws DewyException {
        ContainerPorts ports = ports(call, generation.image());
        String name = newName(generation);
        names.add(name);
        engine.create(call, name, generation.image(), command -> describe(command, generation, ports));
        engine.start(call, name);
        readiness.await(call, name);
    }

    /** Finds out what would keep containers of an image from being started. */
    void requireStartable(Call call, String image) throws DewyException {
        ContainerPorts unused = ports(call, image);
        Optional<String> network = settings.template().ownNetwork();
        if (network.isPresent()) {
            engine.requireNetwork(call, network.get());
        }
    }

    /** Returns those that run, as they are now: where their ports are published changes whenever they are started. */
    List<Container> running(Call call, Collection<String> names) throws DewyException {
        List<Container> running = new ArrayList<>();
        for (String name : names) {
            Optional<Container> found = find(call, name);
            found.filter(Container::isRunning).ifPresent(running::add);
        }
        return running;
    }

    /** Returns why one does not serve any more, with what it wrote last. */
    String obituary(Call call, String name) throws DewyException {
        Optional<Container> found = find(call, name);
        if (found.isEmpty()) {
            return "it was removed";
        }
        String why = found.get().isRunning()
                ? "its health check failed: " + found.get().health().detail()
                : found.get().state().detail();
        List<String> lines = readiness.lastLines(call, name);
        return settings.template().masked(lines.isEmpty() ? why : why + "; it wrote: " + String.join(" | ", lines));
    }

    /** Tells one to stop, and removes it once it has; does nothing when it is gone. */
    void end(Call call, String name, Duration limit) throws DewyException {
        try {
            engine.stop(call, name, limit);
            engine.remove(call, name);
        } catch (NotFoundException e) {
            call.check(); // It is gone already.
        }
    }

    /** Removes one at once. */
    void kill(Call call, String name) throws DewyException {
        try {
            engine.remove(call, name);
        } catch (NotFoundException e) {
            call.check(); // It is gone already.
        }
    }

    private Optional<Container> find(Call call, String name) throws DewyException {
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
        labels.putAll(owner.labels());
        labels.putAll(generation.labels());
        ports.main().ifPresent(port -> labels.put(ContainerPorts.MAIN, port.toString()));
        command.withEnv(variables.entrySet().stream()
                        .map(one -> one.getKey() + "=" + one.getValue())
                        .toList())
                .withLabels(labels)
                .withExposedPorts(ports.all().stream().map(ExposedPort::tcp).toList());
        if (!settings.command().isEmpty()) {
            command.withCmd(settings.command());
        }
        if (!template.isInHostNetwork()) {
            host.withPortBindings(ports.all().stream().map(Replicas::onLoopback).toList());
        }
        command.withHostConfig(host);
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
