package dewy.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateNetworkCmd;
import com.github.dockerjava.api.command.CreateNetworkResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Network;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The networks of an engine, by which containers find each other by name. Safe for use by several threads. */
public record Networks(Engine engine) {
    private static final Map<String, String> LABELS = Map.of(Owner.MANAGED, "true");
    private static final Object MAKING = new Object();

    /**
     * Has there be a network. Engines let several have one name, after which it names none of them: so one after the other looks
     * whether it is there.
     */
    public void ensure(Call call, String name) throws DewyException {
        synchronized (MAKING) {
            try {
                engine.requireNetwork(call, name);
            } catch (NotFoundException e) {
                engine.tell(call, "create the network", name, client -> create(client, name));
            }
        }
    }

    /** The addresses are those that the engine chose, as if its maker had: only then can containers ask for one of them. */
    private static void create(DockerClient client, String name) {
        CreateNetworkCmd command =
                client.createNetworkCmd().withName(name).withLabels(LABELS).withCheckDuplicate(true);
        CreateNetworkResponse made = command.exec();
        Optional<Network.Ipam.Config> chosen = Optional.ofNullable(client.inspectNetworkCmd()
                        .withNetworkId(made.getId())
                        .exec()
                        .getIpam())
                .map(Network.Ipam::getConfig)
                .flatMap(all -> all.stream().findFirst());
        if (chosen.isPresent()) {
            client.removeNetworkCmd(made.getId()).exec();
            CreateNetworkResponse unused = command.withIpam(new Network.Ipam().withConfig(chosen.get()))
                    .exec();
        }
    }

    /**
     * Has a container that is in a network be called otherwise there, beside its name. Engines know no other way than to take it
     * out and in again: what it has there lives on where it keeps its address, which it may in networks whose addresses were
     * chosen by whoever made them.
     *
     * @return whether it kept its address
     */
    public boolean rename(Call call, String network, Container container, List<String> aliases) throws DewyException {
        String address = container.networks().containsKey(network)
                ? container.networks().get(network).address()
                : "";
        String name = container.name();
        return engine.ask(call, "call by another name in the network " + network, name, client -> {
            client.disconnectFromNetworkCmd()
                    .withNetworkId(network)
                    .withContainerId(name)
                    .withForce(true)
                    .exec();
            try {
                connect(
                        client,
                        network,
                        name,
                        new ContainerNetwork()
                                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address))
                                .withAliases(aliases));
                return true;
            } catch (DockerException refused) {
                connect(client, network, name, new ContainerNetwork().withAliases(aliases));
                return false;
            }
        });
    }

    private static void connect(DockerClient client, String network, String name, ContainerNetwork place) {
        client.connectToNetworkCmd()
                .withNetworkId(network)
                .withContainerId(name)
                .withContainerNetwork(place)
                .exec();
    }
}
