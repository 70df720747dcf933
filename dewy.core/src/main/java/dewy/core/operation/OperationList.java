package dewy.core.operation;

import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.control.Operation;
import dewy.api.control.Order;
import dewy.core.event.EventStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What the agent does that takes a while, and the last of what it has done. Safe for use by several threads. */
public final class OperationList {
    private static final int MOST_ENDED = 100;

    private final EventStream events;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Map<String, Ongoing<?>> ongoing = new LinkedHashMap<>();
    private final Map<String, Ongoing<?>> ended = new LinkedHashMap<>();
    private long last;

    /**
     * Creates an empty list.
     *
     * @param events is told now and then how far they are
     * @param nanoTime a monotonic clock
     */
    public OperationList(EventStream events, InstantSource clock, LongSupplier nanoTime) {
        this.events = events;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Notes that something is to be done. Whoever does it ends it. */
    public synchronized <R> Ongoing<R> begin(Order order, String actor) {
        last++;
        String id = Long.toString(last);
        Ongoing<R> fresh =
                new Ongoing<>(id, order, actor, new Ongoing.Surroundings(events, clock, nanoTime, this::over));
        ongoing.put(id, fresh);
        return fresh;
    }

    /** Returns those that go on, the oldest first, then those that ended last, the last one first. */
    public synchronized List<Operation> all() {
        List<Operation> all = new ArrayList<>();
        ongoing.values().forEach(each -> all.add(each.shown()));
        int place = all.size();
        ended.values().forEach(each -> all.add(place, each.shown()));
        return all;
    }

    /** Returns the one of that id. */
    public synchronized Ongoing<?> find(String id) throws NotFoundException {
        Ongoing<?> found = ongoing.containsKey(id) ? ongoing.get(id) : ended.get(id);
        if (found == null) {
            throw new NotFoundException(Problem.of(
                    "find the operation",
                    "\"" + id + "\"",
                    "there is none, or " + MOST_ENDED + " ended since",
                    "\"operations\" lists them"));
        }
        return found;
    }

    /** Returns those that go on with an app: first what is being done, then what waits for its turn, in this order. */
    public synchronized List<Operation> of(String app) {
        return ongoing.values().stream()
                .map(Ongoing::shown)
                .filter(each -> each.app().equals(Optional.of(app)))
                .sorted(Comparator.comparing(each -> each.step().equals(Ongoing.WAIT)))
                .toList();
    }

    private synchronized void over(Ongoing<?> operation) {
        ongoing.remove(operation.id());
        ended.put(operation.id(), operation);
        if (ended.size() > MOST_ENDED) {
            ended.remove(ended.keySet().iterator().next());
        }
    }
}
