package dewy.cache.file;

import static dewy.cache.file.TestCache.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.release.Digest;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDigestsTest {
    private static final List<String> WRONG = List.of("/bin/sh", "-c", "echo 0123 $0");
    private static final List<String> FAILING = List.of("/bin/sh", "-c", "sha256sum $0; exit 1");
    private static final List<String> MISSING = List.of("/usr/bin/there-is-no-such-program");
    private static final List<String> SHA256SUM = List.of("sha256sum");

    private final byte[] content = new byte[(5 << 20) + 1];
    private final Path file;
    private final FileChannel channel;

    FileDigestsTest(@TempDir Path folder) throws Exception {
        new Random(7).nextBytes(content);
        // Letters beyond ASCII, blanks and quotes are to be nothing special.
        file = Files.write(folder.resolve("an \"app\" für alle's.tar.gz"), content);
        channel = FileChannel.open(file);
    }

    @AfterEach
    void close() throws Exception {
        channel.close();
    }

    @Test
    void everyProgramOfTheSystemArrivesAtWhatJavaDoes() throws Exception {
        for (String algorithm : List.of("sha256", "sha512")) {
            for (List<String> command : FileDigests.programsOfSystem(algorithm)) {
                Assumptions.assumeTrue(Files.isExecutable(Path.of(command.get(0))), command.get(0) + " is missing");

                try (DigestProcess process = DigestProcess.start(command, file).orElseThrow()) {
                    assertThat(process.await(call(), algorithm))
                            .as("%s", command)
                            .hasValue(expected(algorithm));
                }
            }
        }
    }

    @Test
    void javaCalculatesWhereNoProgramCan() throws Exception {
        assertThat(by(List.of(WRONG, FAILING, MISSING))).isEqualTo(expected("sha256"));
        assertThat(by(List.of())).isEqualTo(expected("sha256"));
    }

    @Test
    void theNextProgramCountsWhereOneFails() throws Exception {
        assertThat(by(List.of(FAILING, List.of("/bin/sh", "-c", "echo " + "0".repeat(64)))))
                .isEqualTo(Digest.parse("0".repeat(64)));
    }

    @Test
    void aSmallFileIsWorthNoProcess() throws Exception {
        Files.write(file, new byte[100], StandardOpenOption.TRUNCATE_EXISTING);
        FileDigests digests = new FileDigests(algorithm -> {
            throw new AssertionError("asked for a program");
        });

        assertThat(digests.of(call(), file, channel, "sha256", () -> {}).hex()).startsWith("cd00e292c5970d3c");
    }

    @Test
    void somethingElseIsDoneMeanwhile() throws Exception {
        AtomicInteger times = new AtomicInteger();
        FileDigests digests = new FileDigests(algorithm -> List.of(SHA256SUM));

        assertThat(digests.of(call(), file, channel, "sha256", times::incrementAndGet))
                .isEqualTo(expected("sha256"));
        assertThat(times).hasValue(1);
    }

    @Test
    void aProgramEndsWithTheCall() {
        FileDigests digests = new FileDigests(algorithm -> List.of(List.of("/bin/sh", "-c", "exec sleep 1000")));
        try (CancellableCall call = call()) {
            assertThatThrownBy(
                            () -> digests.of(call, file, channel, "sha256", () -> call.cancel("the app was removed")))
                    .isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void aProgramIsToldNoSecrets() throws Exception {
        Path told = file.resolveSibling("told");
        by(List.of(List.of("/bin/sh", "-c", "tr '\\0' '\\n' < /proc/$$/environ > '" + told + "'")));

        assertThat(System.getenv()).isNotEmpty();
        assertThat(told).isEmptyFile();
    }

    private Digest by(List<List<String>> programs) throws Exception {
        return new FileDigests(algorithm -> programs).of(call(), file, channel, "sha256", () -> {});
    }

    private Digest expected(String algorithm) {
        MessageDigest calculation = Digest.calculation(algorithm);
        calculation.update(content);
        return Digest.of(calculation);
    }
}
