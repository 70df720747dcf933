package dewy.core.capsule;

import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.control.Capsule;
import dewy.api.control.Evidence;
import dewy.core.journal.WholeFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The evidence of an app, a file each, of which only the newest are kept; nobody but the owner may look at them. Written by one
 * thread, read by any.
 */
public final class CapsuleFolder {
    /** So many are kept. */
    public static final int KEPT = 20;

    /** The bytes that one has at most. */
    public static final int LARGEST = 256 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(CapsuleFolder.class);
    private static final String ENDING = ".json";

    private final Path folder;
    private final int kept;

    /** @param state the folder for the app's state */
    public CapsuleFolder(Path state) {
        this(state, KEPT);
    }

    CapsuleFolder(Path state, int kept) {
        this.folder = state.resolve("capsules");
        this.kept = kept;
    }

    /** Returns what failed, the newest first. A file that is no evidence is left out. */
    public List<Capsule> list() throws StorageException {
        try {
            List<Capsule> capsules = new ArrayList<>();
            for (Path file : files("*" + ENDING)) {
                head(file).ifPresent(capsules::add);
            }
            capsules.sort(Comparator.comparing(Capsule::at).reversed());
            return capsules;
        } catch (IOException e) {
            throw failure("list the capsules in", folder, e);
        }
    }

    /** Returns the ids of the evidence that can be read, by deployment; of what failed last where there are several. */
    public Map<String, String> byDeployment() {
        Map<String, String> ids = new HashMap<>();
        try {
            list().forEach(capsule -> ids.putIfAbsent(capsule.deployId(), capsule.id()));
        } catch (StorageException e) {
            LOG.atDebug().addKeyValue("error", e.getMessage()).log("No capsules");
        }
        return ids;
    }

    /** Returns the evidence of that id. */
    public Evidence open(String id) throws StorageException {
        Path file = file(id);
        try (InputStream text = new BufferedInputStream(Files.newInputStream(file))) {
            return CapsuleText.parse(text);
        } catch (IOException e) {
            throw failure("read the capsule", file, e);
        }
    }

    /** Writes evidence, in the place of what has its id already; when this returns it survives a power cut. */
    void write(Evidence evidence) throws IOException {
        byte[] text = CapsuleText.format(evidence);
        Evidence shorter = evidence;
        while (text.length > LARGEST && hasMore(shorter)) {
            shorter = halved(shorter);
            text = CapsuleText.format(shorter);
        }
        WholeFile.createOwnerOnly(folder);
        WholeFile.replaceOwnerOnly(file(evidence.capsule().id()), text);
        prune();
    }

    private static boolean hasMore(Evidence evidence) {
        return !evidence.events().isEmpty()
                || evidence.outputs().stream()
                        .anyMatch(output -> !output.lines().isEmpty());
    }

    /** What happened last, and was said last, tells the most. */
    private static Evidence halved(Evidence evidence) {
        return new Evidence(
                evidence.capsule(),
                evidence.errors(),
                lastHalf(evidence.events()),
                evidence.outputs().stream()
                        .map(output -> new Evidence.Output(output.by(), lastHalf(output.lines())))
                        .toList(),
                evidence.plugins(),
                evidence.options(),
                evidence.system());
    }

    private static <T> List<T> lastHalf(List<T> list) {
        return list.subList((list.size() + 1) / 2, list.size());
    }

    private void prune() throws IOException {
        for (Path unfinished : files("*" + ENDING + WholeFile.UNFINISHED)) {
            Files.deleteIfExists(unfinished);
        }
        List<Path> files = files("*" + ENDING);
        files.sort(Comparator.comparing(CapsuleFolder::written).reversed());
        for (Path old : files.subList(Math.min(kept, files.size()), files.size())) {
            Files.deleteIfExists(old);
        }
    }

    private static FileTime written(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> files(String pattern) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
            found.forEach(files::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return files;
        }
        return files;
    }

    private static Optional<Capsule> head(Path file) {
        try (InputStream text = Files.newInputStream(file)) {
            return Optional.of(CapsuleText.parseHead(text));
        } catch (IOException e) {
            LOG.atDebug()
                    .addKeyValue("path", file)
                    .addKeyValue("error", e.toString())
                    .log("No capsule");
            return Optional.empty();
        }
    }

    private Path file(String id) {
        return folder.resolve(id + ENDING);
    }

    private static StorageException failure(String verb, Path on, IOException e) {
        return new StorageException(
                Problem.of(verb, on, StorageException.reason(e), "Check owner and mount of its folder"), e);
    }
}
