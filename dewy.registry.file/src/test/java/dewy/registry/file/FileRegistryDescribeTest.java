package dewy.registry.file;

import static dewy.registry.file.TestFolder.NOON;
import static dewy.registry.file.TestFolder.call;
import static dewy.registry.file.TestFolder.sha256;
import static dewy.registry.file.TestFolder.sha512;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.NotYetThereException;
import dewy.api.release.Artifact;
import dewy.api.release.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileRegistryDescribeTest {
    private static final String APP = "app.tar.gz";

    private final Path root;
    private final TestFolder folder;
    private FileRegistry registry;

    FileRegistryDescribeTest(@TempDir Path root) {
        this.root = root;
        folder = new TestFolder(root);
        registry = folder.registry();
    }

    @Test
    void tellsTheSizeWhereThereIsNoDigest() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");

        assertThat(describe()).isEqualTo(TestFolder.artifact("v1.0.0", APP).withSize(5));
    }

    @Test
    void waitsForAnUploadThatIsWrittenInPieces() throws Exception {
        SynchronousQueue<String> pieces = new SynchronousQueue<>();
        SynchronousQueue<String> written = new SynchronousQueue<>();
        Path file = folder.put("v1.0.0/app.tar.gz", "");
        CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> upload(file, pieces, written));
        for (int i = 0; i < 5; i++) {
            pieces.put("piece");
            assertThat(written.poll(10, TimeUnit.SECONDS)).isEqualTo("piece");
            folder.now = modified(file).plusMillis(100);

            assertThat(notYetThere().retryAfter()).isEqualTo(Duration.ofMillis(400));
        }
        pieces.put("");
        upload.get(10, TimeUnit.SECONDS);
        folder.now = modified(file).plusMillis(499);
        assertThat(notYetThere().retryAfter()).isPositive();
        folder.now = modified(file).plusMillis(500);

        assertThat(describe().size()).hasValue(25);
    }

    @Test
    void waitsWhenTheSizeIsNotTheOneThatThePollSaw() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        Artifact polled = TestFolder.artifact("v1.0.0", APP).withSize(3);

        assertThatThrownBy(() -> registry.describe(call(), TestFolder.release("v1.0.0", APP), polled))
                .isInstanceOf(NotYetThereException.class);
    }

    @Test
    void takesAFileThatWasMovedIntoPlaceAtOnce() throws Exception {
        Path part = folder.put("v1.0.0/app.tar.gz.part", "12345");
        Files.move(part, part.resolveSibling(APP), StandardCopyOption.ATOMIC_MOVE);

        assertThat(describe().size()).hasValue(5);
    }

    @Test
    void takesACopyThatKeptItsTimeAtOnce() throws Exception {
        Path built = folder.put(".build/app.tar.gz", "12345", NOON.minusSeconds(86_400));
        Files.createDirectories(root.resolve("v1.0.0"));
        Files.copy(built, root.resolve("v1.0.0/app.tar.gz"), StandardCopyOption.COPY_ATTRIBUTES);

        assertThat(describe().size()).hasValue(5);
    }

    @Test
    void looksTwiceAtAFileFromTheFuture() throws Exception {
        Path file = folder.put("v1.0.0/app.tar.gz", "12345", NOON.plusSeconds(600));
        folder.put("v1.0.0/app.tar.gz.sha256", sha256("12345"), NOON.plusSeconds(600));

        assertThat(notYetThere().retryAfter()).isEqualTo(TestFolder.SETTLE);
        folder.now = NOON.plusMillis(200);
        Files.writeString(file, "1234567");
        TestFolder.touch(file, NOON.plusSeconds(600));
        assertThat(notYetThere().retryAfter()).isEqualTo(TestFolder.SETTLE);
        folder.now = NOON.plusMillis(600);
        assertThat(notYetThere().retryAfter()).isEqualTo(Duration.ofMillis(100));
        folder.put("v1.0.0/app.tar.gz.sha256", sha256("1234567"), NOON.plusSeconds(600));
        folder.now = NOON.plusMillis(700);
        notYetThere();
        folder.now = NOON.plusMillis(1_200);

        assertThat(describe().size()).hasValue(7);
    }

    @Test
    void startsToLookAgainWhenTheClockWasSetBack() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345", NOON.plusSeconds(600));
        notYetThere();
        folder.now = NOON.minusSeconds(3_600);
        assertThat(notYetThere().retryAfter()).isEqualTo(TestFolder.SETTLE);
        folder.now = folder.now.plus(TestFolder.SETTLE);

        assertThat(describe().size()).hasValue(5);
    }

    @Test
    void takesEverythingAtOnceWhenToldNotToWait() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345", NOON.plusSeconds(600));
        RegistryFolder hasty = new RegistryFolder(root, Duration.ZERO);
        registry = new FileRegistry(hasty, folder, new FolderWatch(hasty, new SystemWatch()));

        assertThat(describe().size()).hasValue(5);
    }

    @Test
    void saysThatAnArtifactIsGone() throws Exception {
        Files.createDirectory(root.resolve("v1.0.0"));

        assertThatThrownBy(this::describe).isInstanceOf(NotFoundException.class).hasMessageContaining("does not exist");
    }

    @Test
    void refusesALinkOutOfTheRegistry(@TempDir Path elsewhere) throws Exception {
        Path secret = Files.writeString(elsewhere.resolve("secret"), "x");
        Files.createDirectory(root.resolve("v1.0.0"));
        Files.createSymbolicLink(root.resolve("v1.0.0/app.tar.gz"), secret);

        assertThatThrownBy(this::describe)
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("leads out of the registry");
    }

    @Test
    void takesBareDigestsFromTheFileBesideTheArtifact() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        folder.put("v1.0.0/app.tar.gz.sha256", sha256("12345").toUpperCase(Locale.ROOT) + "\r\n");

        assertThat(describe().digest()).hasValue(Digest.parse(sha256("12345")));
    }

    @Test
    void takesSha512WhereThereIsNothingElse() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        folder.put("v1.0.0/app.tar.gz.sha512", sha512("12345") + "  dist/app.tar.gz\n");

        assertThat(describe().digest()).hasValue(Digest.parse("sha512:" + sha512("12345")));
    }

    @Test
    void prefersSha256() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        folder.put("v1.0.0/app.tar.gz.sha512", sha512("12345"));
        folder.put("v1.0.0/checksums.txt", sha256("12345") + "  app.tar.gz\n");

        assertThat(describe().digest()).hasValue(Digest.parse(sha256("12345")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"checksums.txt", "app_1.0.0_checksums.txt", "SHA256SUMS", "sha256sums.txt"})
    void findsTheDigestInAListOfManyNames(String list) throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        String other = sha256("other") + "  other-app.tar.gz\n" + sha256("b") + "  app.tar.gz.sbom\n";
        folder.put("v1.0.0/" + list, "# by hand\n\nHash: SHA512\n" + other + sha256("12345") + "  app.tar.gz\n");

        assertThat(describe().digest()).hasValue(Digest.parse(sha256("12345")));
    }

    @Test
    void aListThatDoesNotNameTheArtifactHasNoDigest() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        folder.put("v1.0.0/checksums.txt", sha256("other") + "  other-app.tar.gz\nnonsense\n");

        assertThat(describe().digest()).isEmpty();
    }

    @Test
    void findsAChecksumThatArrivesAfterTheArtifact() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        assertThat(describe().digest()).isEmpty();
        folder.put("v1.0.0/app.tar.gz.sha256", sha256("12345"));

        assertThat(describe().digest()).isPresent();
    }

    @Test
    void waitsForAChecksumFileThatIsBeingWritten() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        folder.put("v1.0.0/app.tar.gz.sha256", "5994", NOON.minusMillis(200));

        assertThat(notYetThere().retryAfter()).isEqualTo(Duration.ofMillis(300));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5994471abb01112a  app.tar.gz",
                "app.tar.gz",
                "app.tar.gz 5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5",
                "zz94471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5 *./app.tar.gz",
                "SHA256 (app.tar.gz) = 5994471abb01112a",
                "SHA512 (app.tar.gz) = 5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5"
            })
    void namesFileAndLineOfAMalformedChecksum(String line) throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        Path list = folder.put("v1.0.0/checksums.txt", sha256("other") + "  other.tar.gz\n" + line + "\n");

        assertThatThrownBy(this::describe)
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(list + ", line 2")
                .hasMessageContaining("sha256sum app.tar.gz");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n# nothing\n", "hello", "5994471abb01112a"})
    void refusesAFileBesideTheArtifactThatHoldsNoDigest(String content) throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        Path sidecar = folder.put("v1.0.0/app.tar.gz.sha256", content);

        assertThatThrownBy(this::describe)
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(sidecar.toString());
    }

    @Test
    void refusesAFileBesideTheArtifactThatIsAboutAnother() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        folder.put("v1.0.0/app.tar.gz.sha256", sha256("12345") + "  web.tar.gz");

        assertThatThrownBy(this::describe)
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("line 1")
                .hasMessageContaining("it is about web.tar.gz");
    }

    @Test
    void refusesADigestOfTheWrongKind() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        folder.put("v1.0.0/app.tar.gz.sha256", sha512("12345"));

        assertThatThrownBy(this::describe)
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("it holds no sha256 digest");
    }

    @Test
    void refusesDigestsThatContradictEachOther() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        Path sidecar = folder.put("v1.0.0/app.tar.gz.sha256", sha256("12345"));
        Path list = folder.put("v1.0.0/checksums.txt", sha256("other") + "  app.tar.gz\n");

        assertThatThrownBy(this::describe)
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(sidecar.toString())
                .hasMessageContaining(list.toString())
                .hasMessageContaining(sha256("12345"))
                .hasMessageContaining(sha256("other"));
    }

    @Test
    void refusesAListThatIsTooLargeToBeOne() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "12345");
        folder.put("v1.0.0/checksums.txt", "x".repeat((4 << 20) + 1));

        assertThatThrownBy(this::describe).isInstanceOf(InvalidException.class).hasMessageContaining("4 MiB");
    }

    private Artifact describe() throws Exception {
        return registry.describe(call(), TestFolder.release("v1.0.0", APP), TestFolder.artifact("v1.0.0", APP));
    }

    private NotYetThereException notYetThere() {
        return catchThrowableOfType(NotYetThereException.class, this::describe);
    }

    private static Instant modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant();
    }

    private static void upload(Path file, SynchronousQueue<String> pieces, SynchronousQueue<String> written) {
        try (OutputStream out = Files.newOutputStream(file)) {
            for (String piece = pieces.take(); !piece.isEmpty(); piece = pieces.take()) {
                out.write(piece.getBytes(StandardCharsets.US_ASCII));
                written.put(piece);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
