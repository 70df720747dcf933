package dewy.registry.file;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.release.Deliverable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads artifacts from a folder. It goes by tag and name, so that a folder may also stand in for the artifact source of
 * another registry.
 */
final class FileArtifactSource implements ArtifactSource {
    private final RegistryFolder folder;
    private final Optional<String> file;
    private final Settling settling;

    /**
     * Makes a source.
     *
     * @param file the one artifact in the folder itself that it has; empty where it goes by tag and name
     */
    FileArtifactSource(RegistryFolder folder, Optional<String> file, InstantSource clock) {
        this.folder = folder;
        this.file = file;
        this.settling = new Settling(folder.settle(), clock);
    }

    @Override
    public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
            throws DewyException {
        call.check();
        RegistryFolder.Found found = file.isPresent()
                ? folder.find(".", file.get())
                : folder.find(
                        deliverable.release().tag(), deliverable.artifact().name());
        settling.check(found.path(), found.stamp());
        boolean resumes = offset <= found.stamp().size()
                && validator.equals(Optional.of(found.stamp().validator()));
        return open(call, found, resumes ? offset : 0);
    }

    @Override
    public void close() {}

    private static ArtifactStream open(Call call, RegistryFolder.Found file, long start) throws DewyException {
        try {
            FileChannel channel = openAt(file.path(), start);
            Registration cancellation = call.onCancel(() -> close(channel));
            InputStream bytes = new UnchangedStream(
                    Channels.newInputStream(channel), file.path(), file.stamp(), start, cancellation);
            return new ArtifactStream(
                    bytes,
                    start,
                    OptionalLong.of(file.stamp().size()),
                    Optional.of(file.stamp().validator()));
        } catch (IOException e) {
            throw RegistryFolder.failure(file.path(), e);
        }
    }

    private static FileChannel openAt(Path file, long start) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return channel.position(start);
        } catch (IOException e) {
            close(channel);
            throw e;
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was written through it, so that nothing can be lost.
        }
    }
}
