package dewy.proxy;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.proxy.control.Contents;
import dewy.proxy.control.Contents.Told;
import dewy.proxy.control.Message;
import dewy.proxy.traffic.Notice;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Hears what a data plane tells of an app, as long as that runs: on a thread of its own, which waits most of the time. */
final class PlaneWatch implements AutoCloseable {
    private static final long PAUSE_SECONDS = 1;

    private final Plane plane;
    private final String app;
    private final Consumer<Notice> hearer;
    private final CancellableCall call = CancellableCall.endless("what the data plane tells");
    private final CountDownLatch over = new CountDownLatch(1);

    private PlaneWatch(Plane plane, String app, Consumer<Notice> hearer) {
        this.plane = plane;
        this.app = app;
        this.hearer = hearer;
    }

    /** @param app by what the plane knows it */
    static PlaneWatch of(Plane plane, String app, Consumer<Notice> hearer) {
        PlaneWatch watch = new PlaneWatch(plane, app, hearer);
        Thread thread = new Thread(watch::listen, "dewy-proxy-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private void listen() {
        Message question = Message.of("notices").with("app", app);
        try {
            while (!call.isOver() && plane.isAlive()) {
                try {
                    for (Told told : Contents.told(plane.ask(call, question))) {
                        question = question.with("after", told.number());
                        hearer.accept(told.notice());
                    }
                } catch (InvalidException | IllegalArgumentException e) {
                    return; // It is of a version that tells nothing, or otherwise.
                } catch (DewyException e) {
                    boolean unused = over.await(PAUSE_SECONDS, TimeUnit.SECONDS); // It is ending, or busy.
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        call.cancel("nobody uses the data plane any more");
        over.countDown();
    }
}
