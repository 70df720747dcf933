package dewy.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A stand-in for the service manager: keeps the sockets of an agent while there is none, and gives them to the next one. */
final class DescriptorKeeper implements AutoCloseable {
    private final Path script;
    private final Path socket;
    private final Process process;

    private DescriptorKeeper(Path script, Path socket, Process process) {
        this.script = script;
        this.socket = socket;
        this.process = process;
    }

    static DescriptorKeeper in(Path folder) throws IOException {
        Path script = Files.writeString(folder.resolve("store.py"), Registry.resource("apps/store.py"));
        Path socket = folder.resolve("notify");
        Process process = new ProcessBuilder("python3", script.toString(), "keep", socket.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        DescriptorKeeper keeper = new DescriptorKeeper(script, socket, process);
        if (!"ready".equals(process.inputReader().readLine())) {
            keeper.close();
            throw new AssertionError("the keeper of descriptors does not start");
        }
        return keeper;
    }

    /** Returns the words that are put before a command for it to have what is kept. */
    List<String> starting() {
        return List.of("python3", script.toString(), "start", socket.toString());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
