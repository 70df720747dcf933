package dewy.proxy;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.UnreachableException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import dewy.proxy.control.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The planes that served an app before the one that does, and have something of it in flight yet. One that has ended, or has
 * nothing of the app any more, is left when that is seen. Changed by one thread at a time; anybody may ask them.
 */
final class FormerPlanes {
    private static final String FORMER = "former.";

    private final Planes planes;
    private final Planes.User user;
    private volatile List<Plane> all = List.of();

    FormerPlanes(Planes planes, Planes.User user) {
        this.planes = planes;
        this.user = user;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    void add(Plane plane) {
        List<Plane> more = new ArrayList<>(all);
        more.add(plane);
        all = List.copyOf(more);
    }

    /** It serves again, or has nothing any more. */
    void remove(Plane plane) {
        all = all.stream().filter(one -> !one.equals(plane)).toList();
    }

    /** Has each of them do something. */
    void tell(Call call, Message what) throws DewyException {
        for (Plane plane : all) {
            if (ask(call, plane, what).isEmpty()) {
                remove(plane);
                planes.leave(plane, user);
            }
        }
    }

    /** Asks each of them, one after the other, by what the question is then. */
    void ask(Call call, Supplier<Message> question, Consumer<Message> answered) throws DewyException {
        for (Plane plane : all) {
            ask(call, plane, question.get()).ifPresent(answered);
        }
    }

    private static Optional<Message> ask(Call call, Plane plane, Message what) throws DewyException {
        try {
            return Optional.of(plane.ask(call, what));
        } catch (UnreachableException | InvalidException e) {
            return Optional.empty();
        }
    }

    /** Writes by what they are found again. */
    void write(Map<String, String> data, Map<String, Inheritable> resources) {
        int number = 0;
        for (Plane plane : all) {
            plane.write(FORMER + number++ + ".", data, resources);
        }
    }

    /** Goes on with those that {@link #write} wrote and that run yet. */
    void adopt(HandoverState state) {
        List<Plane> left = new ArrayList<>();
        for (int number = 0; Plane.isWritten(FORMER + number + ".", state); number++) {
            planes.adopt(FORMER + number + ".", state, user).ifPresent(left::add);
        }
        all = List.copyOf(left);
    }

    /** They are another one's now, or have been told to close all. */
    void leave() {
        all.forEach(plane -> planes.leave(plane, user));
        all = List.of();
    }
}
