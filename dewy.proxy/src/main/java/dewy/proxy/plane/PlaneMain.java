package dewy.proxy.plane;

import dewy.proxy.control.PlanePlace;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The data plane as a program: {@code PlaneMain BASE LOG}, with what its sockets' paths begin with, and its own log. With one
 * more word, {@code train}, it ends as soon as it is ready.
 */
public final class PlaneMain {
    /** An agent that started this, and was killed before it said what for, does not come back to it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final long SHORTEN_MINUTES = 1;

    private PlaneMain() {}

    /** Where it cannot begin it ends, with the loops that it has begun with. */
    public static void main(String[] arguments) {
        try {
            run(arguments);
        } catch (IOException | InterruptedException | RuntimeException e) {
            PlaneLog.tell("cannot go on", e);
            System.exit(1);
        }
    }

    private static void run(String[] arguments) throws IOException, InterruptedException {
        PlanePlace place = new PlanePlace(Path.of(arguments[0]));
        Path log = Path.of(arguments[1]);
        requireEpoll();
        // Nothing waits in a loop: more of them than processors would only take these from each other.
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(), EpollIoHandler.newFactory());
        ServedApps apps = new ServedApps(loops, PassedSockets.listen(place.passing(), loops));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(apps, place)));
        ScheduledFuture<?> unused =
                loops.scheduleWithFixedDelay(() -> PlaneLog.shorten(log), 0, SHORTEN_MINUTES, TimeUnit.MINUTES);
        new ControlServer(apps).listen(place.control());
        if (arguments.length > 2) {
            System.exit(0); // Only its classes were wanted.
        }
        PlaneLog.tell("is ready");
        apps.awaitEnd(PATIENCE);
        PlaneLog.tell("ends: it serves no app any more");
        System.exit(0);
    }

    /** Sockets are passed to it, and used without channels, by what Java itself does not have. */
    private static void requireEpoll() {
        if (!Epoll.isAvailable()) {
            PlaneLog.tell("needs epoll, which its own native code has for Linux on x86-64 and aarch64: "
                    + Epoll.unavailabilityCause().getMessage());
            System.exit(1);
        }
    }

    /** Told to stop while it serves, it lets what is in flight come to its end. */
    private static void end(ServedApps apps, PlanePlace place) {
        place.remove();
        CompletableFuture<Void> end = apps.closeAll(END_LIMIT);
        end.completeOnTimeout(null, END_LIMIT.toMillis(), TimeUnit.MILLISECONDS).join();
    }
}
