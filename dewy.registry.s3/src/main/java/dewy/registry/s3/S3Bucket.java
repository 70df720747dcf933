package dewy.registry.s3;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.release.Digest;
import dewy.bucket.Bucket;
import dewy.bucket.Location;
import dewy.http.Response;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.RequestPayer;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket of S3, whose versions are strong ETags. */
final class S3Bucket implements Bucket {
    private static final String OCTETS = "application/octet-stream";

    private static final Pattern STRONG_ETAG = Pattern.compile("\"[^\"]+\"");

    /** S3 takes no smaller ones, and no more of them. */
    private static final int LEAST_PART = 5 << 20;

    private static final int MOST_PARTS = 10_000;

    /** What a request for content was answered with. */
    private record Answered(GetObjectResponse head, InputStream body) {}

    private final Supplier<S3Client> client;
    private final S3Location location;
    private final @Nullable RequestPayer payer;
    private final Refusals refusals;

    S3Bucket(Supplier<S3Client> client, S3Location location, boolean requesterPays, Refusals refusals) {
        this.client = client;
        this.location = location;
        this.payer = requesterPays ? RequestPayer.REQUESTER : null;
        this.refusals = refusals;
    }

    @Override
    public String service() {
        return "S3";
    }

    @Override
    public Location location() {
        return location.place();
    }

    @Override
    public Page list(Call call, String tried, PageRequest page) throws DewyException {
        Errand errand = new Errand(call, tried, location.place().toString());
        ListObjectsV2Response answer = ask(
                errand,
                s3 -> s3.listObjectsV2(request -> request.bucket(location.bucket())
                        .requestPayer(payer)
                        .prefix(page.prefix())
                        .delimiter("/")
                        .continuationToken(page.token().orElse(null))
                        .startAfter(page.start().orElse(null))
                        .maxKeys(page.most().orElse(null))));
        if (answer.isTruncated() == null) {
            // A page of another server, such as one to log in, may be read as an empty list.
            throw new UnreachableException(Problem.of(
                    tried,
                    location.place(),
                    "what answers is not S3: its list does not say whether it is complete",
                    "Check the endpoint"));
        }
        return new Page(
                answer.contents().stream().map(S3Bucket::listed).toList(),
                answer.commonPrefixes().stream().map(CommonPrefix::prefix).toList(),
                Optional.ofNullable(answer.isTruncated() ? answer.nextContinuationToken() : null));
    }

    private static Listed listed(S3Object object) {
        boolean whole = object.checksumType() != ChecksumType.COMPOSITE;
        return new Listed(
                object.key(),
                object.size(),
                String.valueOf(object.eTag()),
                object.lastModified(),
                whole && object.checksumAlgorithm().contains(ChecksumAlgorithm.SHA256));
    }

    @Override
    public Known head(Call call, String tried, String key) throws DewyException {
        HeadObjectResponse head = ask(
                errand(call, tried, key),
                s3 -> s3.headObject(request -> request.bucket(location.bucket())
                        .key(key)
                        .requestPayer(payer)
                        .checksumMode("ENABLED")));
        Optional<Digest> sha256 = Optional.ofNullable(head.checksumSHA256())
                .filter(text -> text.length() == 44)
                .map(text -> new Digest(
                        "sha256", HexFormat.of().formatHex(Base64.getDecoder().decode(text))));
        return new Known(String.valueOf(head.eTag()), head.contentLength(), sha256);
    }

    @Override
    public Arriving open(Call call, String tried, String key) throws DewyException {
        Errand errand = errand(call, tried, key);
        return arriving(errand, open(errand, key, e -> false, request -> {}).orElseThrow());
    }

    @Override
    public Resumption resume(Call call, String tried, String key, long offset, String version) throws DewyException {
        Errand errand = errand(call, tried, key);
        Optional<Answered> part = open(
                errand, key, e -> e.statusCode() == 412 || e.statusCode() == 416, request -> request.ifMatch(version)
                        .range("bytes=" + offset + "-"));
        if (part.isPresent()) {
            return arriving(errand, part.get());
        }
        int status = errand.answer().orElseThrow().status();
        return status == 416 ? NotResumed.NOTHING_LEFT : NotResumed.CHANGED;
    }

    @Override
    public boolean isVersion(String text) {
        return STRONG_ETAG.matcher(text).matches();
    }

    private Arriving arriving(Errand errand, Answered answered) {
        Optional<String> version = Optional.ofNullable(answered.head().eTag()).filter(this::isVersion);
        Response head = errand.answer().orElseThrow();
        return Arriving.of(head, version, S3Checksum.of(answered.head()), answered.body());
    }

    /** Asks for content; empty if the answer is one that is foreseen. */
    private Optional<Answered> open(
            Errand errand,
            String key,
            Predicate<AwsServiceException> foreseen,
            Consumer<GetObjectRequest.Builder> asked)
            throws DewyException {
        return ask(
                errand,
                foreseen,
                s3 -> s3.getObject(
                        request -> {
                            // The checksum is wanted and not the SDK's look at it, which knows of no resumption.
                            request.bucket(location.bucket())
                                    .key(key)
                                    .requestPayer(payer)
                                    .overrideConfiguration(o -> o.putHeader("x-amz-checksum-mode", "ENABLED"));
                            asked.accept(request);
                        },
                        ResponseTransformer.unmanaged(Answered::new)));
    }

    @Override
    public Held read(Call call, String tried, String key, int largest) throws DewyException {
        Errand errand = errand(call, tried, key);
        Optional<Answered> found = ask(
                errand,
                e -> Refusals.code(e).equals("NoSuchKey"),
                s3 -> s3.getObject(
                        request -> request.bucket(location.bucket()).key(key).requestPayer(payer),
                        ResponseTransformer.unmanaged(Answered::new)));
        Response answer = errand.answer().orElseThrow();
        Instant at = answer.time("date")
                .orElseThrow(() -> new UnreachableException(
                        Problem.of(tried, location.place().show(key), "its answer has no date", "Check the endpoint")));
        if (found.isEmpty()) {
            answer.close();
            return new Held(Optional.empty(), "", at);
        }
        String content = new String(answer.bytes(largest), StandardCharsets.UTF_8);
        return new Held(Optional.ofNullable(found.get().head().eTag()), content, at);
    }

    @Override
    public void put(Call call, String tried, String key, byte[] content) throws DewyException {
        ask(
                errand(call, tried, key),
                s3 -> s3.putObject(request -> put(request, key, content), body(content, content.length)));
    }

    @Override
    public boolean replace(Call call, String tried, String key, Optional<String> before, byte[] content)
            throws DewyException {
        return ask(
                        errand(call, tried, key),
                        e -> e.statusCode() == 412
                                || e.statusCode() == 409
                                || Refusals.code(e).equals("NoSuchKey"),
                        s3 -> s3.putObject(
                                request -> {
                                    put(request, key, content);
                                    before.ifPresentOrElse(request::ifMatch, () -> request.ifNoneMatch("*"));
                                },
                                body(content, content.length)))
                .isPresent();
    }

    @Override
    public void delete(Call call, String tried, String key) throws DewyException {
        ask(
                errand(call, tried, key),
                s3 -> s3.deleteObject(
                        request -> request.bucket(location.bucket()).key(key).requestPayer(payer)));
    }

    @Override
    public Parts parts(long expectedSize) {
        return new Parts((int) Math.min(1 << 30, Math.max(LEAST_PART, expectedSize / MOST_PARTS + 1)), MOST_PARTS);
    }

    @Override
    public Upload upload(Call call, String tried, String key) throws DewyException {
        return new MultipartUpload(this, call, tried, key);
    }

    /** Begins an object that is written in parts, and returns the id by which they belong together. */
    String begin(Call call, String tried, String key) throws DewyException {
        return ask(errand(call, tried, key), s3 -> s3.createMultipartUpload(
                        request -> request.bucket(location.bucket()).key(key).requestPayer(payer))
                .uploadId());
    }

    CompletedPart part(Call call, String tried, String key, String upload, int number, byte[] content, int length)
            throws DewyException {
        String etag = ask(errand(call, tried, key), s3 -> s3.uploadPart(
                        request -> request.bucket(location.bucket())
                                .key(key)
                                .requestPayer(payer)
                                .uploadId(upload)
                                .partNumber(number),
                        body(content, length))
                .eTag());
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    void complete(Call call, String tried, String key, String upload, List<CompletedPart> parts) throws DewyException {
        ask(
                errand(call, tried, key),
                s3 -> s3.completeMultipartUpload(request -> request.bucket(location.bucket())
                        .key(key)
                        .requestPayer(payer)
                        .uploadId(upload)
                        .multipartUpload(all -> all.parts(parts))));
    }

    void abort(Call call, String tried, String key, String upload) throws DewyException {
        ask(
                errand(call, tried, key),
                s3 -> s3.abortMultipartUpload(request -> request.bucket(location.bucket())
                        .key(key)
                        .requestPayer(payer)
                        .uploadId(upload)));
    }

    /** A question to S3. */
    private interface Question<T> {
        T ask(S3Client s3);
    }

    private Errand errand(Call call, String tried, String key) {
        return new Errand(call, tried, location.place().show(key));
    }

    private <T> T ask(Errand errand, Question<T> question) throws DewyException {
        return ask(errand, e -> false, question).orElseThrow();
    }

    private <T> Optional<T> ask(Errand errand, Predicate<AwsServiceException> foreseen, Question<T> question)
            throws DewyException {
        errand.call().check();
        try {
            return Optional.of(errand.run(() -> question.ask(client.get())));
        } catch (SdkException e) {
            if (e instanceof AwsServiceException refused && foreseen.test(refused)) {
                return Optional.empty();
            }
            DewyException failure = refusals.failure(errand, e);
            errand.call().check();
            throw failure;
        }
    }

    private void put(PutObjectRequest.Builder request, String key, byte[] content) {
        request.bucket(location.bucket()).key(key).requestPayer(payer).checksumSHA256(sha256(content));
    }

    private static RequestBody body(byte[] content, int length) {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(content, 0, length), length, OCTETS);
    }

    private static String sha256(byte[] content) {
        return Base64.getEncoder().encodeToString(Digest.calculation("sha256").digest(content));
    }
}
