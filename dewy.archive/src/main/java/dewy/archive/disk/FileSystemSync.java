package dewy.archive.disk;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings to the disk all that a file system still keeps in memory: for many small files that takes a fraction of forcing
 * each, which has the disk flush its cache once a file. It is left alone where others have written so much that this
 * would make them, and the release, wait.
 *
 * @param program {@code sync}
 * @param memory {@code /proc/meminfo}
 * @param reliable tells on what folders the system says so when something could not be written
 */
record FileSystemSync(SystemProgram program, Path memory, Predicate<Path> reliable) {
    static final FileSystemSync SYSTEM = new FileSystemSync(
            SystemProgram.named("sync", Duration.ofMinutes(1)),
            Path.of("/proc/meminfo"),
            folder -> isReliable(type(folder), System.getProperty("os.version", "")));

    /** So much that others have written is brought to the disk as well. */
    static final long OTHERS = 256 << 20;

    /** With these, it does what forcing each file does; with others it may only hand over what was written. */
    private static final Set<String> DISKS = Set.of("ext4", "xfs", "btrfs");

    private static final Pattern DIRTY = Pattern.compile("Dirty:\\s*(\\d{1,15}) kB");
    private static final Pattern KERNEL = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\b.*");

    /** Other implementations do the same, but keep it to themselves when it fails. */
    private static final String TELLING = "sync (GNU coreutils)";

    /**
     * Returns whether all that was written below {@code folder} is on the disk for sure. Where it is not, it may be all
     * the same; only, what failed is not known.
     *
     * @param bytes how much was written there
     */
    boolean run(Call call, Path folder, long bytes) throws DewyException {
        try {
            if (dirty() > bytes + OTHERS) {
                return false;
            }
            program.run(call, "-f", folder.toAbsolutePath().toString());
            return reliable.test(folder) && program.run(call, "--version").startsWith(TELLING);
        } catch (IOException refused) {
            return false;
        }
    }

    /** Since 5.8, Linux tells who syncs a file system first what went wrong with any file of it. */
    static boolean isReliable(String type, String kernel) {
        Matcher version = KERNEL.matcher(kernel);
        if (!DISKS.contains(type) || !version.matches()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        return major > 5 || (major == 5 && Integer.parseInt(version.group(2)) >= 8);
    }

    private static String type(Path folder) {
        try {
            return Files.getFileStore(folder).type();
        } catch (IOException unknown) {
            return "";
        }
    }

    private long dirty() throws IOException {
        return Files.readAllLines(memory).stream()
                .map(DIRTY::matcher)
                .filter(Matcher::matches)
                .mapToLong(line -> Long.parseLong(line.group(1)) << 10)
                .findFirst()
                .orElse(0);
    }
}
