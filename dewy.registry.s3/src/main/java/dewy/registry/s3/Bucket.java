package dewy.registry.s3;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.release.Digest;
import dewy.http.Response;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.RequestPayer;

/**
 * A bucket, and what is asked of it: one method is one request, which is made once. Whoever asks tries again, since core
 * and downloads do so anyway, and a write must not be made twice unnoticed. Safe for use by several threads.
 */
final class Bucket {
    private static final String OCTETS = "application/octet-stream";

    /** Object content that is arriving, for the receiver to close. */
    record Arriving(GetObjectResponse head, InputStream body) {}

    /** A small object, and when it was read by the clock of S3. */
    record Held(Optional<String> etag, String content, Instant at) {}

    private final Supplier<S3Client> client;
    private final Location location;
    private final @Nullable RequestPayer payer;
    private final Refusals refusals;

    Bucket(Supplier<S3Client> client, Location location, boolean requesterPays, Refusals refusals) {
        this.client = client;
        this.location = location;
        this.payer = requesterPays ? RequestPayer.REQUESTER : null;
        this.refusals = refusals;
    }

    Location location() {
        return location;
    }

    /** Lists a page. */
    ListObjectsV2Response list(Call call, String tried, Consumer<ListObjectsV2Request.Builder> page)
            throws DewyException {
        Errand errand = new Errand(call, tried, location.toString());
        ListObjectsV2Response answer = ask(
                errand,
                s3 -> s3.listObjectsV2(request -> {
                    request.bucket(location.bucket()).requestPayer(payer);
                    page.accept(request);
                }));
        if (answer.isTruncated() == null) {
            // A page of another server, such as one to log in, may be read as an empty list.
            throw new UnreachableException(Problem.of(
                    tried,
                    location,
                    "what answers is not S3: its list does not say whether it is complete",
                    "Check the endpoint"));
        }
        return answer;
    }

    HeadObjectResponse head(Call call, String tried, String key) throws DewyException {
        return ask(
                errand(call, tried, key),
                s3 -> s3.headObject(request -> request.bucket(location.bucket())
                        .key(key)
                        .requestPayer(payer)
                        .checksumMode("ENABLED")));
    }

    /**
     * Opens an object.
     *
     * @return empty if it is there, but not as {@code asked} demands
     */
    Optional<Arriving> open(Call call, String tried, String key, Consumer<GetObjectRequest.Builder> asked)
            throws DewyException {
        return ask(
                errand(call, tried, key),
                e -> e.statusCode() == 412 || e.statusCode() == 416,
                s3 -> s3.getObject(
                        request -> {
                            // The checksum is wanted and not the SDK's look at it, which knows of no resumption.
                            request.bucket(location.bucket())
                                    .key(key)
                                    .requestPayer(payer)
                                    .overrideConfiguration(o -> o.putHeader("x-amz-checksum-mode", "ENABLED"));
                            asked.accept(request);
                        },
                        ResponseTransformer.unmanaged(Arriving::new)));
    }

    /** Reads a small object as text, whether it is there or not. */
    Held read(Call call, String tried, String key, int largest) throws DewyException {
        Errand errand = errand(call, tried, key);
        Optional<Arriving> found = ask(
                errand,
                e -> Refusals.code(e).equals("NoSuchKey"),
                s3 -> s3.getObject(
                        request -> request.bucket(location.bucket()).key(key).requestPayer(payer),
                        ResponseTransformer.unmanaged(Arriving::new)));
        Response answer = errand.answer().orElseThrow();
        Instant at = answer.time("date")
                .orElseThrow(() -> new UnreachableException(
                        Problem.of(tried, location.show(key), "its answer has no date", "Check the endpoint")));
        if (found.isEmpty()) {
            answer.close();
            return new Held(Optional.empty(), "", at);
        }
        String content = new String(answer.bytes(largest), StandardCharsets.UTF_8);
        return new Held(Optional.ofNullable(found.get().head().eTag()), content, at);
    }

    /** Writes an object, whatever is there. */
    void put(Call call, String tried, String key, byte[] content) throws DewyException {
        ask(
                errand(call, tried, key),
                s3 -> s3.putObject(request -> put(request, key, content), body(content, content.length)));
    }

    /**
     * Writes an object if it is as it was read.
     *
     * @param before its ETag; empty if it must not be there
     * @return whether it was written; otherwise nothing was done
     */
    boolean replace(Call call, String tried, String key, Optional<String> before, byte[] content) throws DewyException {
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

    /** Deletes an object; does nothing when there is none. */
    void delete(Call call, String tried, String key) throws DewyException {
        ask(
                errand(call, tried, key),
                s3 -> s3.deleteObject(
                        request -> request.bucket(location.bucket()).key(key).requestPayer(payer)));
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
        return new Errand(call, tried, location.show(key));
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
