package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Operation;
import dewy.api.control.Operations;
import dewy.api.control.Order;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Operations that are as they are. One that is started is at work until it was waited for so often.
 *
 * @param failure how one that is started fails, if it does
 */
record FixedOperations(List<Operation> list, Optional<FailureKind> failure, AtomicInteger looks) implements Operations {
    static FixedOperations of(Operation... known) {
        return new FixedOperations(List.of(known), Optional.empty(), new AtomicInteger(1));
    }

    @Override
    public Operation start(Order order, String actor) {
        return Samples.fetching(wish(order) + " for " + actor, order.on());
    }

    private static String wish(Order order) {
        String app = order.on();
        return switch (order.what()) {
            case ROLLBACK -> app + " back to " + order.version().orElse("the last good one");
            case UNPIN -> app + " unpinned";
            case RETRY -> app + " again";
            case SCALE -> app + " scaled to " + order.replicas();
            default -> app + order.version().map(named -> " " + named).orElse("");
        };
    }

    @Override
    public Operation await(String id, Duration limit) {
        Operation now = Samples.fetching(id, "web");
        return looks.decrementAndGet() > 0 ? now : Samples.ended(now, outcome(id));
    }

    private CycleOutcome outcome(String reason) {
        CycleOutcome.Kind kind = failure.isPresent() ? CycleOutcome.Kind.FAILED : CycleOutcome.Kind.DEPLOYED;
        return new CycleOutcome(kind, "settle", reason, Samples.NOW, Optional.of("v1.2.3"), failure);
    }

    @Override
    public Operation find(String id) throws DewyException {
        throw new UnsupportedOperationException();
    }

    @Override
    public Operation cancel(String id, String actor) throws DewyException {
        Operation found =
                list.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
        if (found.outcome().isPresent()) {
            throw new InvalidException(Problem.of("cancel the operation", id, "it has ended", ""));
        }
        return found;
    }
}
