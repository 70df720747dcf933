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
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.bucket.Bucket;
import dewy.bucket.Location;
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
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** A bucket of GCS, whose versions are generations. */
final class GcsBucket implements Bucket {
    private static final int FIRST = 8 << 10;
    /** It has to be a multiple of 256 KiB. */
    private static final int CHUNK = 4 << 20;

    private static final Pattern GENERATION = Pattern.compile("\\d{1,18}");

    private final Client client;
    private final GcsLocation location;
    private final Optional<String> userProject;
    private final Refusals refusals;

    GcsBucket(Client client, GcsLocation location, Optional<String> userProject, Refusals refusals) {
        this.client = client;
        this.location = location;
        this.userProject = userProject;
        this.refusals = refusals;
    }

    /** Opens what asks GCS. */
    interface Client {
        Storage get() throws IOException;
    }

    @Override
    public String service() {
        return "GCS";
    }

    @Override
    public Location location() {
        return location.place();
    }

    @Override
    public Page list(Call call, String tried, PageRequest page) throws DewyException {
        List<BlobListOption> options = new ArrayList<>(List.of(
                BlobListOption.prefix(page.prefix()),
                BlobListOption.currentDirectory(),
                BlobListOption.fields(BlobField.NAME, BlobField.SIZE, BlobField.GENERATION, BlobField.TIME_CREATED)));
        page.token().map(BlobListOption::pageToken).ifPresent(options::add);
        page.start().map(BlobListOption::startOffset).ifPresent(options::add);
        page.most().map(BlobListOption::pageSize).ifPresent(options::add);
        userProject.map(BlobListOption::userProject).ifPresent(options::add);
        return ask(new Errand(call, tried, location.place().toString()), gcs -> {
            var found = gcs.list(location.bucket(), options.toArray(BlobListOption[]::new));
            List<Listed> objects = new ArrayList<>();
            List<String> folders = new ArrayList<>();
            for (Blob one : found.getValues()) {
                if (one.isDirectory()) {
                    folders.add(one.getName());
                } else {
                    objects.add(listed(one));
                }
            }
            Optional<String> next = Optional.ofNullable(found.getNextPageToken());
            return new Page(objects, folders, next.filter(text -> !text.isEmpty()));
        });
    }

    private static Listed listed(Blob object) {
        return new Listed(
                object.getName(),
                object.getSize(),
                String.valueOf(object.getGeneration()),
                object.getCreateTimeOffsetDateTime().toInstant(),
                false);
    }

    @Override
    public Known head(Call call, String tried, String key) throws DewyException {
        List<BlobGetOption> options =
                new ArrayList<>(List.of(BlobGetOption.fields(BlobField.SIZE, BlobField.GENERATION)));
        userProject.map(BlobGetOption::userProject).ifPresent(options::add);
        Optional<Blob> found = ask(
                errand(call, tried, key),
                gcs -> Optional.ofNullable(gcs.get(id(key), options.toArray(BlobGetOption[]::new))));
        return found.map(blob -> new Known(String.valueOf(blob.getGeneration()), blob.getSize(), Optional.empty()))
                .orElseThrow(() -> new NotFoundException(Problem.of(
                        tried, location.place().show(key), "it is not there", "Upload it, or correct the URL")));
    }

    @Override
    public Arriving open(Call call, String tried, String key) throws DewyException {
        Errand errand = errand(call, tried, key);
        return arriving(errand, ask(errand, gcs -> opened(gcs, key, 0, Optional.empty())));
    }

    @Override
    public Resumption resume(Call call, String tried, String key, long offset, String version) throws DewyException {
        Errand errand = errand(call, tried, key);
        Optional<InputStream> body =
                ask(errand, status -> status == 412, gcs -> opened(gcs, key, offset, Optional.of(version)));
        if (body.isEmpty()) {
            return NotResumed.CHANGED;
        }
        Response head = errand.answer().orElseThrow();
        if (head.status() == 416) {
            head.close();
            return NotResumed.NOTHING_LEFT;
        }
        return arriving(errand, body.get());
    }

    @Override
    public boolean isVersion(String text) {
        return GENERATION.matcher(text).matches();
    }

    private Arriving arriving(Errand errand, InputStream body) {
        Response head = errand.answer().orElseThrow();
        return Arriving.of(head, generation(head), GcsChecksum.of(head), body);
    }

    private Optional<String> generation(Response head) {
        return head.header("x-goog-generation").filter(this::isVersion);
    }

    @Override
    public Held read(Call call, String tried, String key, int largest) throws DewyException {
        Errand errand = errand(call, tried, key);
        Optional<InputStream> found =
                ask(errand, status -> status == 404, gcs -> opened(gcs, key, 0, Optional.empty()));
        Response answer = errand.answer().orElseThrow();
        Instant at = answer.time("date")
                .orElseThrow(() -> new UnreachableException(
                        Problem.of(tried, location.place().show(key), "its answer has no date", "Check the endpoint")));
        if (found.isEmpty()) {
            return new Held(Optional.empty(), "", at);
        }
        try (InputStream body = found.get()) {
            byte[] content = body.readNBytes(largest + 1);
            if (content.length > largest) {
                throw new UnreachableException(
                        Problem.of(tried, location.place().show(key), "it is larger than " + largest + " bytes", ""));
            }
            return new Held(generation(answer), new String(content, StandardCharsets.UTF_8), at);
        } catch (IOException e) {
            call.check();
            throw refusals.failure(errand, e);
        }
    }

    @Override
    public void put(Call call, String tried, String key, byte[] content) throws DewyException {
        ask(errand(call, tried, key), gcs -> gcs.create(info(key), content, target()));
    }

    @Override
    public boolean replace(Call call, String tried, String key, Optional<String> before, byte[] content)
            throws DewyException {
        BlobTargetOption condition = before.map(one -> BlobTargetOption.generationMatch(Long.parseLong(one)))
                .orElse(BlobTargetOption.doesNotExist());
        return ask(
                        errand(call, tried, key),
                        status -> status == 412,
                        gcs -> gcs.create(info(key), content, target(condition)))
                .isPresent();
    }

    @Override
    public void delete(Call call, String tried, String key) throws DewyException {
        ask(errand(call, tried, key), gcs -> gcs.delete(id(key), source()));
    }

    /** As many as there are. */
    @Override
    public Parts parts(long expectedSize) {
        return new Parts(CHUNK, Integer.MAX_VALUE);
    }

    @Override
    public Upload upload(Call call, String tried, String key) throws DewyException {
        return new ResumableUpload(this, call, tried, key);
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
        return new Errand(call, tried, location.place().show(key));
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
