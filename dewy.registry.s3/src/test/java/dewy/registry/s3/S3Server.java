package dewy.registry.s3;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dewy.api.CancellableCall;
import dewy.http.Environment;
import dewy.http.Network;
import dewy.http.SharedConnections;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
import software.amazon.awssdk.services.s3.model.S3Object;

/** A server of S3 in a process of its own, which all tests of a JVM share, each with its bucket: s3proxy. */
public final class S3Server {
    public static final String KEY_ID = "dewy-test";
    public static final String SECRET = "this-must-not-be-seen";
    public static final String REGION = "eu-west-1";

    private static final Duration START = Duration.ofSeconds(60);
    private static @Nullable S3Server shared;

    private final int port;
    private final S3Client client;

    private S3Server(int port) throws Exception {
        this.port = port;
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

    /** Returns the server, which ends with this JVM; without its program the test is skipped, or fails with CI=true. */
    public static synchronized S3Server start() {
        S3Server running = shared;
        if (running == null) {
            Path jar = servers().resolve("s3proxy.jar");
            require(Files.exists(jar), "there is no " + jar + "; .ci/install-servers installs it");
            try {
                running = launch(jar);
            } catch (Exception e) {
                throw new IllegalStateException("s3proxy cannot be started", e);
            }
            shared = running;
        }
        return running;
    }

    /** Returns the folder with the servers that tests start. */
    private static Path servers() {
        String named = System.getenv("DEWY_TEST_SERVERS");
        return named == null ? Path.of(System.getProperty("user.home"), ".cache/dewy-servers/bin") : Path.of(named);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(otherwise);
        }
        assumeTrue(condition, otherwise);
    }

    private static S3Server launch(Path jar) throws Exception {
        int port = ServerProgram.freePort();
        Path folder = Files.createTempDirectory("dewy-s3proxy");
        Path settings = folder.resolve("s3.conf");
        Files.write(
                settings,
                List.of(
                        "s3proxy.endpoint=http://127.0.0.1:" + port,
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + KEY_ID,
                        "s3proxy.credential=" + SECRET,
                        "jclouds.provider=transient-nio2",
                        "jclouds.identity=x",
                        "jclouds.credential=x"));
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar.toString(),
                        "--properties",
                        settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        long end = System.nanoTime() + START.toNanos();
        while (!answers(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException(Files.readString(folder.resolve("log")));
            }
            Thread.onSpinWait();
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
        return new S3Server(port);
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    public void createBucket(String bucket) {
        ask(s3 -> s3.createBucket(request -> request.bucket(bucket)));
    }

    public void put(String bucket, String key, byte[] content) {
        ask(s3 -> s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content)));
    }

    public void delete(String bucket, String key) {
        ask(s3 -> s3.deleteObject(request -> request.bucket(bucket).key(key)));
    }

    /** Returns all keys of a bucket. */
    public List<String> keys(String bucket) {
        return ask(s3 -> s3.listObjectsV2(request -> request.bucket(bucket)).contents()).stream()
                .map(S3Object::key)
                .toList();
    }

    <T> T ask(Function<S3Client, T> question) {
        try (CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30))) {
            return new Errand(call, "prepare", "the test").run(() -> question.apply(client));
        }
    }
}
