package dewy.registry.s3;

import dewy.api.CancellableCall;
import dewy.bucket.ObjectServer;
import dewy.bucket.Relay.Answer;
import dewy.http.Environment;
import dewy.http.Network;
import dewy.http.SharedConnections;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A server of S3: s3proxy. */
public final class S3Server extends ObjectServer {
    public static final String KEY_ID = "dewy-test";
    public static final String SECRET = "this-must-not-be-seen";
    public static final String REGION = "eu-west-1";

    private static final int PART = 16 << 20;

    private static @Nullable S3Server shared;

    private final S3Client client;

    private S3Server(int port) throws Exception {
        super(port);
        client = S3Client.builder()
                .region(Region.of(REGION))
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(
                        S3Configuration.builder().chunkedEncodingEnabled(false).build())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY_ID, SECRET)))
                .httpClient(
                        new Transport(new SharedConnections().by(Network.of((Environment) name -> Optional.empty()))))
                .build();
    }

    /** Returns the server; without its program the test is skipped, or fails with CI=true. */
    public static synchronized S3Server start() {
        S3Server running = shared;
        if (running == null) {
            Path jar = ServerProgram.require("s3proxy.jar");
            try {
                running = launch(jar);
            } catch (Exception e) {
                throw new IllegalStateException("s3proxy cannot be started", e);
            }
            shared = running;
        }
        return running;
    }

    private static S3Server launch(Path jar) throws Exception {
        int port = ServerProgram.freePort();
        List<String> settings = List.of(
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + KEY_ID,
                "s3proxy.credential=" + SECRET,
                "jclouds.provider=transient-nio2",
                "jclouds.identity=x",
                "jclouds.credential=x");
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        launch(port, folder -> {
            Path file = Files.write(folder.resolve("s3proxy.conf"), settings);
            return List.of(
                    java, "-Xmx1g", "-XX:TieredStopAtLevel=1", "-jar", jar.toString(), "--properties", file.toString());
        });
        return new S3Server(port);
    }

    /** Returns an answer as S3 refuses. */
    public static Answer refusal(int status, String code) {
        String error = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>told to</Message></Error>";
        return Answer.of(status, error).with("content-type", "application/xml");
    }

    @Override
    public void createBucket(String bucket) {
        ask(s3 -> s3.createBucket(request -> request.bucket(bucket)));
    }

    @Override
    public void put(String bucket, String key, byte[] content) {
        ask(s3 -> s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content)));
    }

    @Override
    public void put(String bucket, String key, Path file) throws IOException {
        String upload = ask(
                s3 -> s3.createMultipartUpload(request -> request.bucket(bucket).key(key))
                        .uploadId());
        List<CompletedPart> parts = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            for (byte[] part = in.readNBytes(PART); part.length > 0; part = in.readNBytes(PART)) {
                int number = parts.size() + 1;
                RequestBody body = RequestBody.fromBytes(part);
                String etag = ask(s3 -> s3.uploadPart(
                                request -> request.bucket(bucket)
                                        .key(key)
                                        .uploadId(upload)
                                        .partNumber(number),
                                body)
                        .eTag());
                parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
            }
        }
        ask(s3 -> s3.completeMultipartUpload(
                request -> request.bucket(bucket).key(key).uploadId(upload).multipartUpload(all -> all.parts(parts))));
    }

    @Override
    public void delete(String bucket, String key) {
        ask(s3 -> s3.deleteObject(request -> request.bucket(bucket).key(key)));
    }

    @Override
    public List<String> keys(String bucket) {
        return ask(s3 -> s3.listObjectsV2(request -> request.bucket(bucket)).contents()).stream()
                .map(S3Object::key)
                .toList();
    }

    <T> T ask(Function<S3Client, T> question) {
        try (CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(60))) {
            return new Errand(call, "prepare", "the test").run(() -> question.apply(client));
        }
    }
}
