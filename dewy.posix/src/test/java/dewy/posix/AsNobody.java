package dewy.posix;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Runs something on a thread that is not root any more; Linux keeps credentials per thread. */
final class AsNobody {
    private static final long NOBODY = 65534;

    private AsNobody() {}

    static void run(Callable<?> work) throws Exception {
        Requirements.linux();
        Requirements.root();
        FutureTask<?> task = new FutureTask<>(() -> {
            becomeNobody();
            return work.call();
        });
        Thread thread = new Thread(task, "nobody");
        thread.start();
        task.get(30, TimeUnit.SECONDS);
    }

    private static void becomeNobody() {
        long setresuid = "aarch64".equals(System.getProperty("os.arch")) ? 147 : 117;
        Function syscall = NativeLibrary.getProcess().getFunction("syscall");
        if (syscall.invokeInt(new Object[] {setresuid, NOBODY, NOBODY, NOBODY}) != 0) {
            throw new AssertionError("setresuid failed");
        }
    }
}
