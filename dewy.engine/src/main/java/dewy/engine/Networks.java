package dewy.engine;

import com.github.dockerjava.api.command.CreateNetworkResponse;
import com.github.dockerjava.api.model.ContainerNetwork;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import java.util.List;
import java.util.Map;

/** The networks of an engine, by which containers find each other by name. Safe for use by several threads. */
public record Networks(Engine engine) {
    private static final Object MAKING = new Object();

    /**
     * Has there be a network; one that is made has these labels. Engines let several have one name, after which it names none of
     * them: so one after the other looks whether it is there.
     */
    public void ensure(Call call, String name, Map<String, String> labels) throws DewyException {
        synchronized (MAKING) {
            try {
                engine.requireNetwork(call, name);
            } catch (NotFoundException e) {
                engine.tell(call, "create the network", name, client -> {
                    CreateNetworkResponse unused = client.createNetworkCmd()
                            .withName(name)
                            .withLabels(labels)
                            .withCheckDuplicate(true)
                            .exec();
                });
            }
        }
    }

    /** Has a container be in a network under other names beside its own; it is there by no others. */
    public void connect(Call call, String network, String container, List<String> aliases) throws DewyException {
        engine.tell(call, "connect to the network " + network, container, client -> client.connectToNetworkCmd()
                .withNetworkId(network)
                .withContainerId(container)
                .withContainerNetwork(new ContainerNetwork().withAliases(aliases))
                .exec());
    }

    /** Takes a container out of a network, which cuts what it has there. */
    public void disconnect(Call call, String network, String container) throws DewyException {
        engine.tell(
                call, "disconnect from the network " + network, container, client -> client.disconnectFromNetworkCmd()
                        .withNetworkId(network)
                        .withContainerId(container)
                        .withForce(true)
                        .exec());
    }
}
