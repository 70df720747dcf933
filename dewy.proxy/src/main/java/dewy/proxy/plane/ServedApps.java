package dewy.proxy.plane;

import dewy.proxy.control.Contents;
import dewy.proxy.control.Contents.Socket;
import dewy.proxy.control.Message;
import dewy.proxy.plane.Port.Claim;
import dewy.proxy.plane.Port.Fellows;
import dewy.proxy.plane.Ports.Passed;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The apps that are served, as the agent asks for them. Safe for use by several threads. */
final class ServedApps {
    private static final long PASSING_MILLIS = 30_000;

    private final Notices notices = new Notices();
    private final Ports ports;
    private final PassedSockets sockets;
    private final Map<String, ServedApp> apps = new ConcurrentHashMap<>();
    private final Map<String, ServedApp> leaving = new ConcurrentHashMap<>();
    private final CountDownLatch empty = new CountDownLatch(1);
    /** What is not to be opened any more: it was closed before the question to open it had arrived, or was read. */
    private final Set<String> closedBefore = new HashSet<>();

    private boolean ended;

    ServedApps(EventLoopGroup loops, PassedSockets sockets) {
        this.ports = new Ports(loops, notices);
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
            case "fellows" ->
                done(Message.of(Message.DONE)
                        .with(Contents.ofFellows(app(question).fellows())));
            case "drain" -> drain(question);
            case "admit" -> {
                app(question).admit(Contents.admission(question));
                yield done();
            }
            case "notices" ->
                notices.after(question.text("app"), question.find("after").isPresent() ? question.number("after") : 0);
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
        Map<String, Passed> taken = new LinkedHashMap<>();
        List<Integer> unused = new ArrayList<>();
        boolean complete = false;
        try {
            for (Map.Entry<String, Socket> listener :
                    Contents.listeners(question).entrySet()) {
                int descriptor = sockets.take(listener.getValue().name(), PASSING_MILLIS);
                taken.put(
                        listener.getKey(),
                        new Passed(descriptor, listener.getValue().address()));
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
    private synchronized List<Integer> open(Message question, Map<String, Passed> taken) throws WrongQuestion {
        String id = question.text("app");
        if (ended) {
            throw new WrongQuestion(id, "the data plane is about to end", "Try again");
        }
        if (closedBefore.remove(id)) {
            throw new WrongQuestion(id, "it was closed meanwhile", "Open another one");
        }
        ServedApp app = apps.getOrDefault(id, new ServedApp(id, ports));
        Claim claim = new Claim(
                question.text("name"), Contents.sites(question), Contents.settings(question), Contents.tls(question));
        Fellows fellows = new Fellows(Contents.fellows(question), Duration.ofMillis(question.number("patience")));
        app.admit(Contents.admission(question)); // Before anything is accepted.
        List<Integer> unused = app.listen(taken, fellows, claim, Contents.recording(question), Contents.sets(question));
        apps.put(id, app);
        return unused;
    }

    private CompletableFuture<Message> drain(Message question) throws WrongQuestion {
        CompletableFuture<Integer> drain =
                app(question).drain(question.text("backend"), Duration.ofMillis(question.number("limit")));
        CompletableFuture<Message> answer =
                drain.thenApply(cut -> Message.of(Message.DONE).with("cut", cut));
        CompletableFuture<Message> unused = answer.whenComplete((none, e) -> drain.cancel(false)); // It may be over.
        return answer;
    }

    private synchronized CompletableFuture<Message> close(String id, Duration limit) throws WrongQuestion {
        if (!apps.containsKey(id) && !leaving.containsKey(id)) {
            closedBefore.add(id);
        }
        return end(id, app -> app.close(limit));
    }

    /** It goes on also when nobody waits for the answer any more; no event loop waits for the lock. */
    private synchronized CompletableFuture<Message> end(String id, Function<ServedApp, CompletableFuture<Void>> how)
            throws WrongQuestion {
        ServedApp app = app(id);
        apps.remove(id);
        leaving.put(id, app);
        return how.apply(app).thenRunAsync(() -> ended(id, app)).thenApply(none -> Message.of(Message.DONE));
    }

    private CompletableFuture<Message> leave(String id, Duration limit) throws WrongQuestion {
        ServedApp app = app(id);
        if (!leaving.containsValue(app)) {
            CompletableFuture<Message> unused = end(id, leaver -> leaver.leave(limit));
        }
        return app.closed().thenApply(none -> Message.of(Message.DONE));
    }

    private synchronized void ended(String id, ServedApp app) {
        leaving.remove(id, app);
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
                apps.values().stream().map(app -> app.leave(limit)).toArray(CompletableFuture<?>[]::new));
    }

    private ServedApp app(Message question) throws WrongQuestion {
        return app(question.text("app"));
    }

    /** Also one that is about to go can be routed and drained: it has requests in flight. One that is being opened is waited for. */
    private synchronized ServedApp app(String id) throws WrongQuestion {
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
