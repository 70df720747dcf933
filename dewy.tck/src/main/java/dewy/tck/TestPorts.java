package dewy.tck;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of loopback for programs that are told theirs, as most servers are. Between the choice of a port and the moment in
 * which the program binds it, nobody else may take it. So they are of a range that the system gives to no connection by
 * itself, and each is held by the lock of one byte of a file, until this process ends, against tests that run beside this
 * one.
 */
final class TestPorts {
    /** The system's own range begins at 32768 on Linux, at 49152 elsewhere. */
    private static final int FIRST = 15_000;

    private static final int COUNT = 15_000;

    private static final FileChannel LOCKS = open();
    private static int next = ThreadLocalRandom.current().nextInt(COUNT);

    private TestPorts() {}

    /** Returns a port that nobody listens at, which no other call returns while this process lives. */
    static synchronized int reserve() throws IOException {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + next;
            next = (next + 1) % COUNT;
            if (lock(port) && isFree(port)) {
                return port;
            }
        }
        throw new IOException("all ports from " + FIRST + " to " + (FIRST + COUNT - 1) + " are taken");
    }

    private static boolean lock(int port) throws IOException {
        try {
            return LOCKS.tryLock(port, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static boolean isFree(int port) {
        try {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Opens the file for as long as this process lives: to close any channel of it would let go all its locks. */
    private static FileChannel open() {
        Path file = Path.of(
                System.getProperty("java.io.tmpdir"), "dewy-test-ports-" + System.getProperty("user.name") + ".lock");
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
