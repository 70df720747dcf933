package dewy.posix;

import dewy.api.DewyException;
import dewy.api.process.OwnSignals;
import dewy.api.process.Signal;
import java.io.File;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that handles signals in Java, and claims those that the JVM keeps. */
final class HeardSignals {
    private final PosixOwnSignals own = new PosixOwnSignals();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    HeardSignals() throws ReflectiveOperationException, DewyException {
        for (String name : List.of("INT", "TERM", OwnSignals.QUIT)) {
            handle(name);
        }
        own.claim();
    }

    /** Sends each signal to itself, and returns as what it arrived. */
    String sendAll() throws InterruptedException {
        List<String> arrived = new ArrayList<>();
        for (Signal signal : List.of(Signal.INT, Signal.TERM, Signal.QUIT, Signal.QUIT)) {
            CLibrary.kill((int) ProcessHandle.current().pid(), Constants.number(signal));
            arrived.add(heard.poll(30, TimeUnit.SECONDS));
        }
        return String.join(" ", arrived);
    }

    /** Has a tool talk with this JVM, and returns what that got, and what was heard of SIGQUIT before and after. */
    String letATool() throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process tool = new ProcessBuilder(
                        jcmd.toString(), Long.toString(ProcessHandle.current().pid()), "VM.uptime")
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .start();
        String answer = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return answer.strip() + " " + heard.size() + " " + sendAll();
    }

    private void handle(String name) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object hearing = Proxy.newProxyInstance(
                HeardSignals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                    if (!name.equals(OwnSignals.QUIT) || !own.givesToJvm()) {
                        heard.add(name);
                    }
                    return null;
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), hearing);
    }
}
