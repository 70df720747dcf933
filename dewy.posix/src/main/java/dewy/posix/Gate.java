package dewy.posix;

import java.nio.charset.StandardCharsets;

/**
 * A pipe that holds a child back: {@link ShellWrapper} reads a line from it before anything else, and ends when there is
 * none. The end that is written to belongs to this process alone, so it closes with it. Safe for use by several threads.
 *
 * @param childs the end that the child reads from
 * @param own the end that is written to
 */
record Gate(Lease childs, Lease own) implements AutoCloseable {
    private static final byte[] GO = "go\n".getBytes(StandardCharsets.US_ASCII);

    static Gate shut() throws SystemCallException {
        int[] ends = new int[2];
        if (Constants.MACOS) {
            SystemCallException.check("pipe", CLibrary.pipe(ends));
        } else {
            SystemCallException.check("pipe2", LinuxLibrary.pipe2(ends, Constants.O_CLOEXEC));
        }
        return new Gate(new Lease(ends[0]), new Lease(ends[1]));
    }

    /** Tells the child to go on, unless that was done before. It may have ended meanwhile, which is no failure. */
    void open() {
        own.useOnce(descriptor -> CLibrary.write(descriptor, GO, GO.length));
    }

    /** Ends the child if it was not told to go on. */
    @Override
    public void close() {
        childs.close();
        own.close();
    }
}
