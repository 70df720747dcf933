package dewy.core.fetch;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.core.backoff.Pause;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Brings one artifact from its source into a cache. What breaks on the way is resumed where it stopped; what arrives is
 * verified before it becomes visible. For one thread, used once.
 */
final class Download {
    private static final int TRIES_WITHOUT_PROGRESS = 5;

    private final Call call;
    private final ArtifactSource source;
    private final Deliverable deliverable;
    private final BlobWriter writer;
    private final EventScope events;
    private final Pause pause;
    private Optional<String> validator = Optional.empty();
    private OptionalLong total;

    Download(
            Call call,
            ArtifactSource source,
            Deliverable deliverable,
            BlobWriter writer,
            EventScope events,
            Pause pause) {
        this.call = call;
        this.source = source;
        this.deliverable = deliverable;
        this.writer = writer;
        this.events = events;
        this.pause = pause;
        this.total = deliverable.artifact().size();
    }

    Blob run() throws DewyException {
        receiveAll();
        verify();
        return writer.commit();
    }

    private void receiveAll() throws DewyException {
        int tries = 0;
        while (true) {
            long before = writer.size();
            try {
                receive();
                return;
            } catch (IOException | UnreachableException e) {
                call.check();
                boolean progressed = writer.size() > before;
                tries = progressed ? 1 : tries + 1;
                if (tries >= TRIES_WITHOUT_PROGRESS) {
                    throw broken(e);
                }
                // What breaks off now and then is gone on with at once.
                goOn(progressed ? Duration.ZERO : pause.length(tries), e);
            }
        }
    }

    private void goOn(Duration wait, Exception e) throws DewyException {
        events.publish(
                EventKind.ARTIFACT_RESUMED,
                deliverable.cacheKey(),
                writer.size(),
                String.valueOf(e.getMessage()),
                wait);
        pause.await(call, wait);
    }

    private void receive() throws DewyException, IOException {
        try (ArtifactStream stream = source.open(call, deliverable, writer.size(), validator);
                Registration unused = call.onCancel(() -> closeQuietly(stream))) {
            if (stream.offset() != writer.size()) {
                writer.reset();
            }
            validator = stream.validator();
            total = stream.total().isPresent() ? stream.total() : total;
            byte[] buffer = new byte[64 << 10];
            for (int n = stream.bytes().read(buffer); n >= 0; n = stream.bytes().read(buffer)) {
                call.check();
                writer.write(buffer, 0, n);
                call.progress("download", writer.size(), total.orElse(-1));
            }
        }
        if (total.isPresent() && writer.size() < total.getAsLong()) {
            throw new IOException(
                    "the connection ended after " + writer.size() + " of " + total.getAsLong() + " bytes");
        }
    }

    private void verify() throws DewyException {
        Optional<Digest> declared = deliverable.artifact().digest();
        if (declared.isPresent()) {
            verify(declared.get());
        }
        if (total.isPresent() && writer.size() != total.getAsLong()) {
            throw refused("it has " + writer.size() + " bytes, but " + total.getAsLong() + " were declared");
        }
        if (writer.size() == 0) {
            throw refused("it is empty");
        }
    }

    private void verify(Digest declared) throws DewyException {
        Digest actual = writer.digest(declared.algorithm());
        if (!declared.equals(actual)) {
            throw refused("its digest is " + actual + ", but the registry declares " + declared);
        }
    }

    private CorruptException refused(String why) {
        return new CorruptException(Problem.of(
                "use the artifact",
                deliverable.artifact().name() + " of " + deliverable.release().tag(),
                why,
                "Publish it again"));
    }

    private UnreachableException broken(Exception e) {
        return new UnreachableException(
                Problem.of(
                        "download",
                        deliverable.artifact().name() + " of "
                                + deliverable.release().tag(),
                        "it broke off " + TRIES_WITHOUT_PROGRESS + " times after " + writer.size() + " bytes: "
                                + e.getMessage(),
                        "It is tried again later"),
                e);
    }

    private static void closeQuietly(ArtifactStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // The reader is told by its next read.
        }
    }
}
