package dewy.posix;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets descriptors from the processes that survived an earlier agent, and from those in their groups.
 *
 * @param groups the numbers of the groups
 */
record SocketHolders(Set<Integer> groups) {
    private static final Logger LOG = LoggerFactory.getLogger(SocketHolders.class);

    /** Returns a duplicate of a socket, or nothing if no such process has it, or none lets it go. */
    OptionalInt duplicate(long inode) {
        return processes()
                .filter(pid ->
                        ProcessReference.group(pid).filter(groups::contains).isPresent())
                .mapToObj(pid -> duplicate(pid, inode))
                .flatMapToInt(OptionalInt::stream)
                .findFirst();
    }

    private static IntStream processes() {
        return numbers(new File("/proc"));
    }

    private static OptionalInt duplicate(int pid, long inode) {
        File descriptors = new File("/proc/" + pid + "/fd");
        OptionalInt theirs = numbers(descriptors)
                .filter(number ->
                        SocketReference.inode(Path.of(descriptors.getPath(), Integer.toString(number))) == inode)
                .findFirst();
        return theirs.isPresent() ? duplicate(pid, theirs.getAsInt(), inode) : OptionalInt.empty();
    }

    /** What was found may have been closed, and its number given to something else: what counts is what arrives. */
    private static OptionalInt duplicate(int pid, int descriptor, long inode) {
        try (ProcessDescriptor process = ProcessDescriptor.open(pid)) {
            int own = process.duplicate(descriptor);
            if (SocketReference.inode(Path.of("/proc/self/fd", Integer.toString(own))) == inode) {
                return OptionalInt.of(own);
            }
            CLibrary.close(own);
        } catch (SystemCallException e) {
            LOG.debug("Process {} does not let its socket go", pid, e);
        }
        return OptionalInt.empty();
    }

    private static IntStream numbers(File folder) {
        String[] names = folder.list();
        return names == null
                ? IntStream.empty()
                : Arrays.stream(names).filter(name -> name.matches("\\d{1,9}")).mapToInt(Integer::parseInt);
    }
}
