package dewy.proxy.plane;

import dewy.proxy.control.Contents;
import dewy.proxy.control.Message;
import dewy.proxy.traffic.TrafficSettings;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The apps that are served, as the agent asks for them. Safe for use by several threads. */
final class ServedApps {
    private static final long PASSING_MILLIS = 5_000;

    private final EventLoopGroup loops;
    private final PassedSockets sockets;
    private final Map<String, ServedApp> apps = new ConcurrentHashMap<>();
    private final Map<String, ServedApp> leaving = new ConcurrentHashMap<>();
    private final CountDownLatch empty = new CountDownLatch(1);
    private boolean ended;

    ServedApps(EventLoopGroup loops, PassedSockets sockets) {
        this.loops = loops;
        this.sockets = sockets;
    }

    /**
     * Does what is asked.
     *
     * @return completes with the answer; cancelled before, nothing was done
     * @throws Refusal if it is wrong
     */
    CompletableFuture<Message> answer(Message question) throws Refusal, InterruptedException {
        return switch (question.verb()) {
            case "open" -> done(open(question));
            case "route" -> {
                app(question).route(Contents.sets(question));
                yield done();
            }
            case "routes" ->
                done(Message.of(Message.DONE).with(Contents.ofSets(app(question).routes())));
            case "drain" -> drain(question);
            case "pause", "resume" -> {
                app(question).pause(question.verb().equals("pause"));
                yield done();
            }
            case "statistics" -> done(statistics(question.text("app")));
            case "close" -> close(question.text("app"), Duration.ofMillis(question.number("limit")));
            case "leave" -> leave(question.text("app"), Duration.ofMillis(question.number("limit")));
            default -> throw new Refusal(question.verb(), "this data plane does not know that", "Replace it");
        };
    }

    /** Returns when the last app has gone, or none has come for a while. */
    void awaitEnd(Duration patience) throws InterruptedException {
        if (!empty.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            synchronized (this) {
                endIfEmpty();
            }
            empty.await();
        }
    }

    private synchronized Message open(Message question) throws Refusal, InterruptedException {
        if (ended) {
            throw new Refusal(question.text("app"), "the data plane is about to end", "Try again");
        }
        String id = question.text("app");
        TrafficSettings settings = Contents.settings(question);
        Map<String, String> listeners = Contents.listeners(question);
        ServedApp known = apps.get(id);
        ServedApp app = known == null ? new ServedApp(loops) : known;
        List<String> names = List.copyOf(listeners.keySet());
        app.listen(names, take(listeners, app.missing(names, settings)), settings, Contents.sets(question));
        apps.put(id, app);
        return Message.of(Message.DONE);
    }

    /** Takes all sockets, so that none is left, and closes those that are not needed. */
    private Map<String, ServedApp.Passed> take(Map<String, String> listeners, List<String> missing)
            throws Refusal, InterruptedException {
        Map<String, ServedApp.Passed> taken = new LinkedHashMap<>();
        List<Integer> others = new ArrayList<>();
        boolean complete = false;
        try {
            for (Map.Entry<String, String> listener : listeners.entrySet()) {
                String name = listener.getValue();
                int descriptor = sockets.take(name, PASSING_MILLIS);
                if (missing.contains(listener.getKey())) {
                    taken.put(listener.getKey(), new ServedApp.Passed(descriptor, name.startsWith("unix")));
                } else {
                    others.add(descriptor);
                }
            }
            complete = true;
            return taken;
        } finally {
            others.forEach(PassedSockets::close);
            if (!complete) {
                taken.values().forEach(passed -> PassedSockets.close(passed.descriptor()));
            }
        }
    }

    private CompletableFuture<Message> drain(Message question) throws Refusal {
        CompletableFuture<Integer> drain =
                app(question).drain(question.text("backend"), Duration.ofMillis(question.number("limit")));
        CompletableFuture<Message> answer =
                drain.thenApply(cut -> Message.of(Message.DONE).with("cut", cut));
        CompletableFuture<Message> unused = answer.whenComplete((none, e) -> drain.cancel(false)); // It may be over.
        return answer;
    }

    /** It goes on also when nobody waits for the answer any more. */
    private synchronized CompletableFuture<Message> close(String id, Duration limit) {
        ServedApp app = apps.remove(id);
        if (app == null) {
            return done();
        }
        leaving.put(id, app);
        return app.close(limit).thenRun(() -> closed(id)).thenApply(none -> Message.of(Message.DONE));
    }

    private CompletableFuture<Message> leave(String id, Duration limit) {
        CompletableFuture<Message> unused = close(id, limit);
        ServedApp app = leaving.get(id);
        return app == null ? done() : app.closed().thenApply(none -> Message.of(Message.DONE));
    }

    private synchronized void closed(String id) {
        leaving.remove(id);
        endIfEmpty();
    }

    private void endIfEmpty() {
        if (apps.isEmpty() && leaving.isEmpty()) {
            ended = true;
            empty.countDown();
        }
    }

    /** Stops listening for all apps; completes when nothing is in flight, or was cut at the limit. */
    synchronized CompletableFuture<Void> closeAll(Duration limit) {
        ended = true;
        return CompletableFuture.allOf(
                apps.values().stream().map(app -> app.close(limit)).toArray(CompletableFuture<?>[]::new));
    }

    private ServedApp app(Message question) throws Refusal {
        ServedApp app = apps.get(question.text("app"));
        if (app == null) {
            throw unknown(question.text("app"));
        }
        return app;
    }

    private static Refusal unknown(String id) {
        return new Refusal(id, "nothing of it is open", "Start it first");
    }

    private Message statistics(String id) throws Refusal {
        ServedApp app = apps.getOrDefault(id, leaving.get(id));
        if (app == null) {
            throw unknown(id);
        }
        return Message.of(Message.DONE).with(Contents.ofStatistics(app.statistics()));
    }

    private static CompletableFuture<Message> done() {
        return done(Message.of(Message.DONE));
    }

    private static CompletableFuture<Message> done(Message answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
