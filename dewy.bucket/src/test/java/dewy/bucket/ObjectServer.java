package dewy.bucket;

import dewy.tck.ServerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A server of objects in a process of its own, which all tests of a JVM share, each with its bucket. */
public abstract class ObjectServer {
    private final int port;

    /** Describes one that listens on {@code port}. */
    protected ObjectServer(int port) {
        this.port = port;
    }

    public final int port() {
        return port;
    }

    public abstract void createBucket(String bucket);

    public abstract void put(String bucket, String key, byte[] content);

    /** Uploads a file that may be larger than the heap. */
    public abstract void put(String bucket, String key, Path file) throws IOException;

    public abstract void delete(String bucket, String key);

    /** Returns the keys of all objects of a bucket. */
    public abstract List<String> keys(String bucket);

    /** The command line of a server. */
    protected interface Command {
        /** Returns it, for a server that finds its files in a folder. */
        List<String> in(Path folder) throws IOException;
    }

    /** Starts a program, which ends with this JVM, as does its folder, and returns when it listens. */
    protected static void launch(int port, Command command) throws IOException {
        Path folder = Files.createTempDirectory("dewy-server");
        ServerProgram program = ServerProgram.start(folder, folder.resolve("log"), port, command.in(folder));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            program.close();
            deleteAll(folder);
        }));
    }

    private static void deleteAll(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.println("The folder of a server is left: " + e);
        }
    }
}
