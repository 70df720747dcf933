package dewy.runtime.process;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.api.runtime.Activation;
import dewy.posix.PosixNotifySockets;
import dewy.posix.PosixProcesses;
import dewy.posix.PosixSockets;
import dewy.runtime.process.time.SystemTimer;
import dewy.runtime.process.time.Timer;
import dewy.tck.TestApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/** Runtimes with real processes and sockets; what a test opens is closed with it. */
final class RealRuntimes implements AutoCloseable {
    private final ScheduledExecutorService scheduler = SystemTimer.newScheduler();
    private final ExecutorService background = BackgroundThreads.open();
    private final List<ProcessRuntime> opened = new ArrayList<>();
    private final Optional<ManualTimer> manual;
    private final ProcessRuntimes runtimes;

    RealRuntimes() {
        this(new PrivatePorts());
    }

    /** As above, with servers behind a proxy at ports that are chosen otherwise. */
    RealRuntimes(PrivatePorts privatePorts) {
        manual = Optional.empty();
        runtimes = runtimes(new SystemTimer(scheduler), privatePorts);
    }

    /** As above, on a time of its own until it is closed. */
    RealRuntimes(ManualTimer timer) {
        manual = Optional.of(timer);
        runtimes = runtimes(timer, new PrivatePorts());
    }

    private ProcessRuntimes runtimes(Timer timer, PrivatePorts privatePorts) {
        return new ProcessRuntimes(
                new PosixSockets(), new PosixProcesses(), new PosixNotifySockets(), privatePorts, timer, background);
    }

    ProcessRuntime open(String url, TestApp app) throws DewyException {
        ProcessRuntime runtime = runtimes.open(PluginUrl.parse(url), app);
        opened.add(runtime);
        return runtime;
    }

    ProcessRuntime adopt(String url, TestApp app, HandoverState state) throws DewyException {
        ProcessRuntime runtime = runtimes.adopt(PluginUrl.parse(url), app, state);
        opened.add(runtime);
        return runtime;
    }

    @Override
    public void close() {
        manual.ifPresent(timer -> timer.goOn(new SystemTimer(scheduler)));
        opened.forEach(RealRuntimes::end);
        scheduler.shutdownNow();
        background.shutdown();
    }

    private static void end(ProcessRuntime runtime) {
        CancellableCall over = call();
        over.cancel("the test is over");
        try {
            runtime.stop(over);
        } catch (DewyException e) {
            // It was closed or handed over before.
        }
        runtime.close();
    }

    static CancellableCall call() {
        return CancellableCall.of("trace", Duration.ofSeconds(60));
    }

    static Activation activation(String tag) {
        Artifact artifact = Artifact.archive("app.tar.gz", "file:///r/" + tag + "/app.tar.gz");
        Release release = new Release(tag, Optional.empty(), List.of(artifact));
        return new Activation(
                new Deliverable(release, artifact), Optional.empty(), Optional.empty(), Map.of("DEWY_VERSION", tag));
    }

    /** Returns the process id of the only instance that serves. */
    static long pid(ProcessRuntime runtime) {
        return Long.parseLong(runtime.status().instances().get(0));
    }

    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    /** Kills a process as a crash would end it. */
    static void crash(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }
}
