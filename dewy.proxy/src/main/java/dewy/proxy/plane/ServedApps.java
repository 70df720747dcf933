package dewy.proxy.plane;

import dewy.proxy.control.Contents;
import dewy.proxy.control.Message;
import dewy.proxy.traffic.Traffic;
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
import java.util.function.Consumer;

/** The apps that are served, as the agent asks for them. Safe for use by several threads. */
final class ServedApps {
    private static final long PASSING_MILLIS = 30_000;

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
     * @throws WrongQuestion if it is wrong
     */
    CompletableFuture<Message> answer(Message question) throws WrongQuestion, InterruptedException {
        return switch (question.verb()) {
            case "open" -> done(open(question));
            case "route" -> {
                app(question).route(Contents.sets(question));
                yield done();
            }
            case "routes" ->
                done(Message.of(Message.DONE).with(Contents.ofSets(app(question).routes())));
            case "drain" -> drain(question);
            case "pause" -> serve(question, Traffic::pause);
            case "resume" -> serve(question, Traffic::resume);
            case "maintain" -> serve(question, maintaining(question.text("page")));
            case "statistics" -> done(statistics(question.text("app")));
            case "close" -> close(question.text("app"), Duration.ofMillis(question.number("limit")));
            case "leave" -> leave(question.text("app"), Duration.ofMillis(question.number("limit")));
            default -> throw new WrongQuestion(question.verb(), "this data plane does not know that", "Replace it");
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

    /** Takes all sockets that were passed, so that none is left, and closes those that are not needed. */
    private Message open(Message question) throws WrongQuestion, InterruptedException {
        Map<String, ServedApp.Passed> taken = new LinkedHashMap<>();
        List<Integer> unused = new ArrayList<>();
        boolean complete = false;
        try {
            for (Map.Entry<String, String> listener :
                    Contents.listeners(question).entrySet()) {
                String name = listener.getValue();
                int descriptor = sockets.take(name, PASSING_MILLIS);
                taken.put(listener.getKey(), new ServedApp.Passed(descriptor, name.startsWith("unix")));
            }
            unused.addAll(open(question, taken));
            complete = true;
            return Message.of(Message.DONE);
        } finally {
            if (!complete) {
                taken.values().forEach(passed -> unused.add(passed.descriptor()));
            }
            unused.forEach(PassedSockets::close);
        }
    }

    /** Returns the descriptors that are not needed. */
    private synchronized List<Integer> open(Message question, Map<String, ServedApp.Passed> taken)
            throws WrongQuestion {
        String id = question.text("app");
        if (ended) {
            throw new WrongQuestion(id, "the data plane is about to end", "Try again");
        }
        ServedApp app = apps.getOrDefault(id, new ServedApp(loops));
        apps.put(id, app);
        return app.listen(taken, Contents.settings(question), Contents.recording(question), Contents.sets(question));
    }

    private CompletableFuture<Message> serve(Message question, Consumer<Traffic> how) throws WrongQuestion {
        app(question).serve(how);
        return done();
    }

    private static Consumer<Traffic> maintaining(String page) {
        return traffic -> traffic.maintain(page);
    }

    private CompletableFuture<Message> drain(Message question) throws WrongQuestion {
        CompletableFuture<Integer> drain =
                app(question).drain(question.text("backend"), Duration.ofMillis(question.number("limit")));
        CompletableFuture<Message> answer =
                drain.thenApply(cut -> Message.of(Message.DONE).with("cut", cut));
        CompletableFuture<Message> unused = answer.whenComplete((none, e) -> drain.cancel(false)); // It may be over.
        return answer;
    }

    /** It goes on also when nobody waits for the answer any more; no event loop waits for the lock. */
    private synchronized CompletableFuture<Message> close(String id, Duration limit) throws WrongQuestion {
        ServedApp app = app(id);
        apps.remove(id);
        leaving.put(id, app);
        return app.close(limit).thenRunAsync(() -> closed(id)).thenApply(none -> Message.of(Message.DONE));
    }

    private CompletableFuture<Message> leave(String id, Duration limit) throws WrongQuestion {
        ServedApp app = app(id);
        if (!leaving.containsKey(id)) {
            CompletableFuture<Message> unused = close(id, limit);
        }
        return app.closed().thenApply(none -> Message.of(Message.DONE));
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

    private ServedApp app(Message question) throws WrongQuestion {
        return app(question.text("app"));
    }

    /** Also one that is about to go can be routed and drained: it has requests in flight. */
    private ServedApp app(String id) throws WrongQuestion {
        ServedApp app = apps.getOrDefault(id, leaving.get(id));
        if (app == null) {
            throw new WrongQuestion(id, "nothing of it is open", "Start it first");
        }
        return app;
    }

    private Message statistics(String id) throws WrongQuestion {
        return Message.of(Message.DONE).with(Contents.ofStatistics(app(id).statistics()));
    }

    private static CompletableFuture<Message> done() {
        return done(Message.of(Message.DONE));
    }

    private static CompletableFuture<Message> done(Message answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
