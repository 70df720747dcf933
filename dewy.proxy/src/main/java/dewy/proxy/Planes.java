package dewy.proxy;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.ChildProcess;
import dewy.api.process.ExitStatus;
import dewy.api.process.Processes;
import dewy.api.process.Signal;
import dewy.api.process.Spawn;
import dewy.proxy.control.PlanePlace;
import dewy.proxy.traffic.Notice;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The data planes that proxies of this bundle use: one of its own version for all of them, which is started for the first and
 * ends with the last, and those that were adopted. Safe for use by several threads.
 */
final class Planes {
    private static final long READY_POLL_MILLIS = 5;
    private static final long TURN_MILLIS = 50;
    private static final long TRAINING_SECONDS = 30;
    private static final long END_SECONDS = 10;

    /**
     * The use of a plane.
     *
     * @param users with by what each hears what the plane tells
     * @param exit the wait for its end, which is given up with the last user: a plane that goes on would hold this bundle
     */
    private record Use(Map<User, PlaneWatch> users, CompletableFuture<ExitStatus> exit) {}

    /** How its program is found, which may have to be unpacked. */
    @FunctionalInterface
    interface Program {
        PlaneProgram find() throws DewyException;

        /** Returns it as {@link #find} does, with its classes, which a version that was tried in the place of this one has removed. */
        default PlaneProgram restored() throws DewyException {
            return find();
        }
    }

    /** Is told, in any thread, what becomes of a plane that it uses. */
    interface User {
        /** Returns by what planes tell its app from others. */
        String app();

        void died(Plane plane);

        /** It tells something of the app. */
        void told(Notice notice);
    }

    private final Processes processes;
    private final Program program;
    private final ScheduledExecutorService threads;
    private final Map<Plane, Use> uses = new HashMap<>();
    /** Held while a plane starts, which is not ready at once. */
    private final ReentrantLock starting = new ReentrantLock();

    Planes(Processes processes, Program program, ScheduledExecutorService threads) {
        this.processes = processes;
        this.program = program;
        this.threads = threads;
    }

    /** Returns what does something later, or soon. */
    ScheduledExecutorService threads() {
        return threads;
    }

    /**
     * Returns a plane of this version, which the user {@linkplain #leave leaves} when it is done. Where one has to start, others
     * that want it wait, and nobody else does.
     */
    Plane use(Call call, User user) throws DewyException {
        PlaneProgram own = program.find();
        awaitTurn(call);
        try {
            Optional<Plane> running = joinRunning(own, user);
            if (running.isPresent()) {
                return running.get();
            }
            Plane plane = start(call, program.restored());
            synchronized (this) {
                join(plane, user);
            }
            return plane;
        } finally {
            starting.unlock();
        }
    }

    private void awaitTurn(Call call) throws CancelledException, ExpiredException {
        boolean mine = false;
        try {
            while (!mine) {
                call.check();
                mine = starting.tryLock(TURN_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            throw interrupted(call);
        }
    }

    private synchronized Optional<Plane> joinRunning(PlaneProgram own, User user) {
        Optional<Plane> running = uses.keySet().stream()
                .filter(one -> one.isAlive() && one.build().equals(own.build()))
                .findFirst();
        running.ifPresent(plane -> join(plane, user));
        return running;
    }

    /** Returns the plane that another proxy has left, whatever its version; nothing where it has ended. */
    synchronized Optional<Plane> adopt(String prefix, HandoverState state, User user) {
        Optional<Plane> left = Plane.read(prefix, state);
        Optional<Plane> plane = left.map(one -> uses.keySet().stream()
                .filter(known -> known.place().equals(one.place()))
                .findFirst()
                .orElse(one));
        plane.ifPresent(one -> join(one, user));
        return plane;
    }

    private void join(Plane plane, User user) {
        Use use = uses.get(plane);
        if (use == null) {
            use = new Use(new HashMap<>(), plane.process().exit());
            uses.put(plane, use);
            CompletableFuture<Void> unused = use.exit().thenRun(() -> died(plane));
        }
        use.users().computeIfAbsent(user, one -> PlaneWatch.of(plane, one.app(), one::told));
    }

    /** Returns whether a plane runs classes of this version. */
    boolean isOwn(Plane plane) throws DewyException {
        return plane.build().equals(program.find().build());
    }

    /** The user has left to others, or closed, what it had there. */
    synchronized void leave(Plane plane, User user) {
        Use use = uses.get(plane);
        if (use == null || !use.users().containsKey(user)) {
            return;
        }
        PlaneWatch watch = use.users().remove(user);
        Objects.requireNonNull(watch).close();
        if (use.users().isEmpty()) {
            uses.remove(plane);
            use.exit().cancel(false);
        }
    }

    /** The user has closed what it had there: where nobody else has anything, the plane ends by itself, or is ended. */
    void close(Plane plane, User user) {
        boolean last;
        synchronized (this) {
            leave(plane, user);
            last = !uses.containsKey(plane);
        }
        if (last) {
            CompletableFuture<ExitStatus> unused = plane.process()
                    .exit()
                    .orTimeout(END_SECONDS, TimeUnit.SECONDS)
                    .whenComplete((end, late) -> plane.process().signal(Signal.KILL));
        }
    }

    private void died(Plane plane) {
        plane.place().remove();
        Map<User, PlaneWatch> left;
        synchronized (this) {
            Use use = uses.remove(plane);
            left = use == null ? Map.of() : Map.copyOf(use.users());
        }
        left.values().forEach(PlaneWatch::close);
        left.keySet().forEach(user -> user.died(plane));
    }

    private Plane start(Call call, PlaneProgram own) throws DewyException {
        PlanePlace place = own.place();
        ChildProcess process = processes.spawn(spawn(own.command(place), own));
        boolean ready = false;
        try {
            awaitReady(call, process, place, own);
            ready = true;
            trainLater(own);
            return new Plane(process, place, own.build());
        } finally {
            if (!ready) {
                process.signal(Signal.KILL);
                place.remove();
            }
        }
    }

    private static Spawn spawn(List<String> command, PlaneProgram own) {
        return new Spawn(
                command,
                own.folder(),
                // More arenas would cost memory that few threads do not make good use of.
                Map.of("PATH", "/usr/bin:/bin", "MALLOC_ARENA_MAX", "1"),
                Map.of(),
                own.log(),
                Optional.empty(),
                Optional.empty(),
                false,
                false);
    }

    /** Has the next planes start sooner, once the host may have nothing better to do. Where it fails they do not. */
    private void trainLater(PlaneProgram own) {
        own.archive().filter(file -> !Files.exists(file)).ifPresent(archive -> {
            ScheduledFuture<?> unused = threads.schedule(() -> train(own, archive), TRAINING_SECONDS, TimeUnit.SECONDS);
        });
    }

    private void train(PlaneProgram own, Path archive) {
        Path next = archive.resolveSibling("training.jsa");
        try {
            CompletableFuture<Void> unused =
                    processes.spawn(spawn(own.training(next), own)).exit().thenAccept(end -> keep(next, archive, end));
        } catch (DewyException e) {
            // It is tried again by the next agent.
        }
    }

    private static void keep(Path next, Path archive, ExitStatus end) {
        try {
            if (end.code() == 0 && Files.exists(next)) {
                Files.move(next, archive, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            // It is made again by the next one.
        }
    }

    private static void awaitReady(Call call, ChildProcess process, PlanePlace place, PlaneProgram own)
            throws DewyException {
        while (!accepts(place)) {
            check(call, place, own);
            if (!process.isAlive()) {
                throw new UnreachableException(Problem.of(
                        "start the data plane by",
                        own.command(place).get(0),
                        "it ended before it was ready"
                                + own.lastWord(process.pid())
                                        .map(said -> ": " + said)
                                        .orElse(""),
                        "Its log, " + own.log() + ", may say more"));
            }
            await(call);
        }
    }

    private static void check(Call call, PlanePlace place, PlaneProgram own)
            throws CancelledException, ExpiredException {
        try {
            call.check();
        } catch (ExpiredException e) {
            throw new ExpiredException(
                    Problem.of(
                            "start the data plane by",
                            own.command(place).get(0),
                            "it was not ready in the time allowed for that",
                            "Its log, " + own.log() + ", may say why, unless the host is too busy"),
                    e);
        }
    }

    private static boolean accepts(PlanePlace place) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(place.control()))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void await(Call call) throws CancelledException, ExpiredException {
        try {
            Thread.sleep(READY_POLL_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted(call);
        }
    }

    private static CancelledException interrupted(Call call) throws CancelledException, ExpiredException {
        Thread.currentThread().interrupt();
        call.check();
        return new CancelledException(new Problem("start the data plane", "", "the thread was interrupted", ""));
    }
}
