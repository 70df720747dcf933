package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.DewyException;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Spawn;
import java.io.File;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/** What needs a process of its own to be tried: how the native code is loaded, and limits of the process. */
final class SeparateAgent {
    private final Path folder;
    private final PosixSockets sockets = new PosixSockets();
    private final PosixProcesses processes = new PosixProcesses();

    private SeparateAgent(Path folder) {
        this.folder = folder;
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                SeparateAgent.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getDataFile");
                    return folder.toFile();
                });
        sockets.activate(context);
        processes.activate(context);
    }

    public static void main(String[] arguments) throws Exception {
        SeparateAgent agent = new SeparateAgent(Path.of(arguments[1]));
        try {
            System.out.println(
                    switch (arguments[0]) {
                        case "activate" -> "activated";
                        case "listen" -> agent.listen();
                        case "spawn" -> agent.spawn();
                        case "hold" -> agent.hold();
                        case "tell" -> tell();
                        case "exhaust" -> agent.exhaust();
                        case "signals" -> new HeardSignals().sendAll();
                        case "attach" -> new HeardSignals().letATool();
                        default -> throw new IllegalArgumentException(arguments[0]);
                    });
        } catch (DewyException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private String listen() throws DewyException {
        try (ListeningSocket socket = sockets.listen(new ListeningAddress("127.0.0.1", 0))) {
            return "listening " + System.getProperty("jna.nosys") + " "
                    + socket.address().isUnix();
        }
    }

    private String spawn() throws Exception {
        return Await.exit(processes.spawn(Spawn.of(List.of("sh", "-c", "exit 7"), folder, folder.resolve("log"))))
                .toString();
    }

    private static String tell() {
        PosixServiceManager manager = new PosixServiceManager();
        manager.tell("READY=1");
        return "told " + manager.isPresent();
    }

    /** Is killed while one child waits and another one runs that was started later. */
    private String hold() throws Exception {
        Spawn wrong = Spawn.of(List.of("sh", "-c", "echo wrong; exec sleep 600"), folder, folder.resolve("log"));
        long held = processes.spawn(wrong.withListenPid().asHeld()).pid();
        long bystander = processes
                .spawn(Spawn.of(List.of("sleep", "600"), folder, folder.resolve("bystander")))
                .pid();
        Path gate = Path.of("/proc", Long.toString(held), "fd", "2");
        Await.that(() -> GateTest.link(gate).startsWith("pipe:"), "the gate");
        System.out.println(held + " " + bystander);
        CLibrary.kill((int) ProcessHandle.current().pid(), 9);
        return "still alive";
    }

    /** Opens sockets until there is no room left, not even for the files of classes. */
    private String exhaust() throws Exception {
        NativeCode.require(Optional::empty);
        String warmUp = SystemCallException.of("warm up", Errno.EMFILE)
                .lackOfRoom("warm up", folder)
                .getMessage();
        assertThat(warmUp).isNotEmpty();
        List<ListeningSocket> open = new ArrayList<>();
        while (open.size() < 100_000) {
            open.add(sockets.listen(new ListeningAddress("127.0.0.1", 0)));
        }
        return "no limit";
    }

    /** Runs this in a shell of its own, and returns what it says. */
    static String run(String before, List<String> options, String task, Path folder) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", before + "exec \"$@\"", "sh", System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), SeparateAgent.class.getName(), task, folder.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(new File(folder.toFile(), "errors"))
                .start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
