package dewy.core.agent;

import dewy.api.DewyException;
import dewy.api.control.Operation;
import dewy.api.control.Operations;
import dewy.api.control.Order;
import dewy.core.operation.Ongoing;
import dewy.core.operation.OperationList;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/** What the agent does that takes a while: apps do it, or the host of the plugins. */
final class AgentOperations implements Operations {
    private final OperationList operations;
    private final Apps apps;
    private final BiFunction<Order, String, Ongoing<?>> plugins;

    /** @param plugins begins what is ordered of plugins, in the name of somebody */
    AgentOperations(OperationList operations, Apps apps, BiFunction<Order, String, Ongoing<?>> plugins) {
        this.operations = operations;
        this.apps = apps;
        this.plugins = plugins;
    }

    @Override
    public Operation start(Order order, String actor) throws DewyException {
        Ongoing<?> begun = order.isForPlugin()
                ? plugins.apply(order, actor)
                : apps.require(order.on()).begin(order, actor);
        return begun.shown();
    }

    @Override
    public List<Operation> list() {
        return operations.all();
    }

    @Override
    public Operation find(String id) throws DewyException {
        return operations.find(id).shown();
    }

    @Override
    public Operation await(String id, Duration limit) throws DewyException {
        Ongoing<?> operation = operations.find(id);
        operation.await(limit);
        return operation.shown();
    }

    @Override
    public Operation cancel(String id, String actor) throws DewyException {
        Ongoing<?> operation = operations.find(id);
        operation.cancel(actor);
        return operation.shown();
    }
}
