package dewy.registry.gcs;

import com.google.cloud.ReadChannel;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.http.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A bucket, and what is asked of it: one method is one request, which is made once. Whoever asks tries again, since core
 * and downloads do so anyway, and a write must not be made twice unnoticed. Safe for use by several threads.
 */
final class Bucket {
    private static final int FIRST = 8 << 10;
    /** What GCS takes of an object at once; it has to be a multiple of 256 KiB. */
    static final int CHUNK = 4 << 20;

    /** A page of a list: objects and folders, and how to ask for the next one. */
    record Page(List<Blob> objects, Optional<String> next) {}

    /** What is known of an object. */
    record Known(long generation, long size) {}

    /** Object content that is arriving, for the receiver to close. */
    record Arriving(Response head, InputStream body) {
        /** Returns whether the object ends before the offset. */
        boolean isBehindTheEnd() {
            return head.status() == 416;
        }

        /** Returns which content it is. */
        Optional<String> generation() {
            return head.header("x-goog-generation").filter(text -> text.matches("\\d{1,18}"));
        }
    }

    /** A small object, and when it was read by the clock of GCS. */
    record Held(Optional<Long> generation, String content, Instant at) {}

    private final Client client;
    private final Location location;
    private final Optional<String> userProject;
    private final Refusals refusals;

    Bucket(Client client, Location location, Optional<String> userProject, Refusals refusals) {
        this.client = client;
        this.location = location;
        this.userProject = userProject;
        this.refusals = refusals;
    }

    /** Opens what asks GCS. */
    interface Client {
        Storage get() throws IOException;
    }

    Location location() {
        return location;
    }

    /** Lists a page. */
    Page list(Call call, String tried, BlobListOption... page) throws DewyException {
        List<BlobListOption> options = new ArrayList<>(Arrays.asList(page));
        userProject.ifPresent(project -> options.add(BlobListOption.userProject(project)));
        return ask(new Errand(call, tried, location.toString()), gcs -> {
            var found = gcs.list(location.bucket(), options.toArray(BlobListOption[]::new));
            List<Blob> objects = new ArrayList<>();
            found.getValues().forEach(objects::add);
            return new Page(
                    objects, Optional.ofNullable(found.getNextPageToken()).filter(text -> !text.isEmpty()));
        });
    }

    /** Asks what is known of an object, if it is there. */
    Optional<Known> know(Call call, String tried, String key) throws DewyException {
        List<BlobGetOption> options =
                new ArrayList<>(List.of(BlobGetOption.fields(BlobField.SIZE, BlobField.GENERATION)));
        userProject.ifPresent(project -> options.add(BlobGetOption.userProject(project)));
        return ask(errand(call, tried, key), gcs -> Optional.ofNullable(
                        gcs.get(id(key), options.toArray(BlobGetOption[]::new)))
                .map(blob -> new Known(blob.getGeneration(), blob.getSize())));
    }

    /**
     * Opens an object at an offset.
     *
     * @param generation which content it has to have, if that matters
     * @return empty if it is there, but has other content
     */
    Optional<Arriving> open(Call call, String tried, String key, long offset, Optional<String> generation)
            throws DewyException {
        Errand errand = errand(call, tried, key);
        Optional<InputStream> body = ask(errand, status -> status == 412, gcs -> opened(gcs, key, offset, generation));
        return body.map(bytes -> new Arriving(errand.answer().orElseThrow(), bytes));
    }

    /** Reads a small object as text, whether it is there or not. */
    Held read(Call call, String tried, String key, int largest) throws DewyException {
        Errand errand = errand(call, tried, key);
        Optional<InputStream> found =
                ask(errand, status -> status == 404, gcs -> opened(gcs, key, 0, Optional.empty()));
        Response answer = errand.answer().orElseThrow();
        Instant at = answer.time("date")
                .orElseThrow(() -> new UnreachableException(
                        Problem.of(tried, location.show(key), "its answer has no date", "Check the endpoint")));
        if (found.isEmpty()) {
            return new Held(Optional.empty(), "", at);
        }
        try (InputStream body = found.get()) {
            byte[] content = body.readNBytes(largest + 1);
            if (content.length > largest) {
                throw new UnreachableException(
                        Problem.of(tried, location.show(key), "it is larger than " + largest + " bytes", ""));
            }
            Optional<Long> generation = new Arriving(answer, body).generation().map(Long::valueOf);
            return new Held(generation, new String(content, StandardCharsets.UTF_8), at);
        } catch (IOException e) {
            call.check();
            throw refusals.failure(errand, e);
        }
    }

    /** Writes an object, whatever is there. */
    void put(Call call, String tried, String key, byte[] content) throws DewyException {
        ask(errand(call, tried, key), gcs -> gcs.create(info(key), content, target()));
    }

    /**
     * Writes an object if it is as it was read.
     *
     * @param before its generation; empty if it must not be there
     * @return whether it was written; otherwise nothing was done
     */
    boolean replace(Call call, String tried, String key, Optional<Long> before, byte[] content) throws DewyException {
        BlobTargetOption condition =
                before.map(BlobTargetOption::generationMatch).orElse(BlobTargetOption.doesNotExist());
        return ask(
                        errand(call, tried, key),
                        status -> status == 412,
                        gcs -> gcs.create(info(key), content, target(condition)))
                .isPresent();
    }

    /** Deletes an object; does nothing when there is none. */
    void delete(Call call, String tried, String key) throws DewyException {
        ask(errand(call, tried, key), gcs -> gcs.delete(id(key), source()));
    }

    /** Begins an object that is written in chunks. */
    WriteChannel begin(Call call, String tried, String key) throws DewyException {
        return ask(errand(call, tried, key), gcs -> {
            BlobWriteOption[] options =
                    userProject.map(BlobWriteOption::userProject).stream().toArray(BlobWriteOption[]::new);
            WriteChannel upload = gcs.writer(info(key), options);
            upload.setChunkSize(CHUNK);
            return upload;
        });
    }

    /** Writes what fills a chunk; the last one may be shorter, and completes the object. */
    void chunk(Call call, String tried, String key, WriteChannel upload, ByteBuffer content, boolean last)
            throws DewyException {
        ask(errand(call, tried, key), gcs -> {
            while (content.hasRemaining()) {
                upload.write(content);
            }
            if (last) {
                upload.close();
            }
            return upload;
        });
    }

    /** A question to GCS. */
    private interface Question<T> {
        T ask(Storage gcs) throws IOException;
    }

    private Errand errand(Call call, String tried, String key) {
        return new Errand(call, tried, location.show(key));
    }

    private <T> T ask(Errand errand, Question<T> question) throws DewyException {
        return ask(errand, status -> false, question).orElseThrow();
    }

    private <T> Optional<T> ask(Errand errand, IntPredicate foreseen, Question<T> question) throws DewyException {
        errand.call().check();
        try {
            return Optional.of(errand.run(() -> question.ask(client.get())));
        } catch (IOException | RuntimeException e) {
            if (Refusals.status(e).filter(foreseen::test).isPresent() && !Refusals.isOfBucket(e)) {
                return Optional.empty();
            }
            errand.call().check();
            throw refusals.failure(errand, e);
        }
    }

    /** Asks for the content: the SDK does so with the first read only. */
    private InputStream opened(Storage gcs, String key, long offset, Optional<String> generation) throws IOException {
        List<BlobSourceOption> options = new ArrayList<>(List.of(source()));
        options.add(BlobSourceOption.shouldReturnRawInputStream(true));
        generation.ifPresent(one -> options.add(BlobSourceOption.generationMatch(Long.parseLong(one))));
        ReadChannel content = gcs.reader(id(key), options.toArray(BlobSourceOption[]::new));
        content.setChunkSize(0);
        content.seek(offset);
        ByteBuffer first = ByteBuffer.allocate(FIRST);
        int count = content.read(first);
        return new SequenceInputStream(
                new ByteArrayInputStream(first.array(), 0, Math.max(0, count)), Channels.newInputStream(content));
    }

    private BlobId id(String key) {
        return BlobId.of(location.bucket(), key);
    }

    private BlobInfo info(String key) {
        return BlobInfo.newBuilder(id(key))
                .setContentType("application/octet-stream")
                .build();
    }

    private BlobSourceOption[] source() {
        return userProject.map(BlobSourceOption::userProject).stream().toArray(BlobSourceOption[]::new);
    }

    private BlobTargetOption[] target(BlobTargetOption... condition) {
        List<BlobTargetOption> options = new ArrayList<>(List.of(condition));
        userProject.ifPresent(project -> options.add(BlobTargetOption.userProject(project)));
        // What is small is sent as it is.
        options.add(BlobTargetOption.disableGzipContent());
        return options.toArray(BlobTargetOption[]::new);
    }
}
