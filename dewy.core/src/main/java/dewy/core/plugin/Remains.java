package dewy.core.plugin;

import dewy.api.plugin.HandoverState;
import dewy.api.process.ChildProcess;
import dewy.api.process.Inheritable;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Signal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends what a plugin instance left behind for a successor that does not come. */
final class Remains {
    private Remains() {}

    /** Ends the processes, with force those that are left at the limit, and closes the sockets. */
    static void end(HandoverState state, Duration limit) {
        List<ChildProcess> children = of(ChildProcess.class, state);
        children.forEach(child -> child.signalGroup(Signal.TERM));
        awaitAll(children, limit);
        children.forEach(child -> child.signalGroup(Signal.KILL));
        of(ListeningSocket.class, state).forEach(ListeningSocket::close);
    }

    private static void awaitAll(List<ChildProcess> children, Duration limit) {
        CompletableFuture<?>[] exits = children.stream().map(ChildProcess::exit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(exits).get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // They are killed.
        }
    }

    private static <R extends Inheritable> List<R> of(Class<R> kind, HandoverState state) {
        return state.resources().values().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
