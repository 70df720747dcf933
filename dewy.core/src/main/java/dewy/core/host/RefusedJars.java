package dewy.core.host;

import dewy.api.StorageException;
import dewy.core.journal.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jars of the plugin folder that were refused, as its file {@code refused} has them, so that the next agent tries them
 * before it uses them. One that was changed meanwhile is another one. Safe for use by several threads.
 */
final class RefusedJars {
    private static final Logger LOG = LoggerFactory.getLogger("dewy.plugin");

    private final Path file;

    RefusedJars(Path folder) {
        this.file = folder.resolve("refused");
    }

    /** Returns whether a jar was refused as it is now. */
    boolean contains(Path jar) {
        try {
            return lines().contains(line(jar));
        } catch (IOException e) {
            return false;
        }
    }

    /** Notes that a jar was refused as it is now. */
    synchronized void note(Path jar) {
        try {
            Set<String> lines = without(jar);
            lines.add(line(jar));
            write(lines);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("error", StorageException.reason(e))
                    .log("Refused plugin not noted");
        }
    }

    /** Forgets a jar that is good, or gone. */
    synchronized void forget(Path jar) {
        Set<String> lines = without(jar);
        if (!lines.equals(lines())) {
            try {
                write(lines);
            } catch (IOException e) {
                // What is in the file means another jar than that which is there now, or is tried once more.
            }
        }
    }

    private Set<String> lines() {
        try {
            return new TreeSet<>(Files.readAllLines(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new TreeSet<>();
        }
    }

    private Set<String> without(Path jar) {
        Set<String> lines = lines();
        lines.removeIf(line -> line.endsWith("\t" + jar.getFileName()));
        return lines;
    }

    private void write(Set<String> lines) throws IOException {
        String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        WholeFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String line(Path jar) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
        return attributes.size() + "\t" + attributes.lastModifiedTime().toMillis() + "\t" + jar.getFileName();
    }
}
