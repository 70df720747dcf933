package dewy.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancellableCall;
import dewy.engine.Engine;
import dewy.runtime.docker.output.ContainerOutput;
import dewy.tck.Await;
import dewy.tck.ContainerEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What containers of a real engine write, in the file of the app. */
@Timeout(60)
class ContainerOutputTest {
    /** It repeats what it reads from a pipe, so that the test says when. */
    private static final String ECHO =
            "\"Cmd\": [\"/bin/sh\", \"-c\", \"busybox mkfifo /tmp/in; echo started; exec cat 0<>/tmp/in\"]";

    private static final String NAME = "output-test";

    @TempDir
    Path folder;

    private final CancellableCall call = TestImages.call();
    private final Engine engine;

    ContainerOutputTest() throws Exception {
        engine = TestImages.engine();
    }

    @BeforeEach
    void run() throws Exception {
        engine.create(call, NAME, TestImages.pulled(ECHO), command -> {});
        engine.start(call, NAME);
    }

    @AfterEach
    void remove() throws Exception {
        call.close();
        try (CancellableCall removing = TestImages.call()) {
            engine.remove(removing, NAME);
        }
    }

    @Test
    void isTakenFromTheStartOnWithoutSecrets() throws Exception {
        try (ContainerOutput output = output(1 << 20)) {
            output.follow(NAME);
            write("the password is secret");
            awaitLines(NAME + " | started", NAME + " | the password is ***");
        }
    }

    @Test
    void isTakenFromWhereItWasLeft() throws Exception {
        try (ContainerOutput output = output(1 << 20)) {
            output.follow(NAME);
            write("one");
            awaitLines(NAME + " | started", NAME + " | one");
        }
        write("two");
        try (ContainerOutput output = output(1 << 20)) {
            output.followAll(List.of(NAME));
            write("three");
            awaitLines(NAME + " | started", NAME + " | one", NAME + " | two", NAME + " | three");
        }
        assertThat(folder.resolve("log/containers")).isDirectoryContaining("glob:**" + NAME);
        try (ContainerOutput output = output(1 << 20)) {
            output.followAll(List.of());
        }
        assertThat(folder.resolve("log/containers")).isEmptyDirectory();
    }

    @Test
    void isCompleteOnceTheContainerHasEnded() throws Exception {
        try (ContainerOutput output = output(1 << 20)) {
            output.follow(NAME);
            String unused = ContainerEngine.shared().docker("exec", NAME, "sh", "-c", "busybox seq 5000 > /tmp/in");
            engine.stop(call, NAME, Duration.ZERO);
            output.awaitEnd(call, NAME);
            assertThat(lines()).endsWith(NAME + " | 5000");
        }
    }

    @Test
    void beginsAnewWhereTheFileIsFull() throws Exception {
        try (ContainerOutput output = output(1)) {
            output.follow(NAME);
            write("one");
            awaitLines(NAME + " | one");
            assertThat(folder.resolve("log/web.log.1")).hasContent(NAME + " | started");
        }
    }

    private ContainerOutput output(long limit) {
        return new ContainerOutput(engine, folder, "web", limit, line -> line.replace("secret", "***"));
    }

    private static void write(String line) throws IOException {
        String unused = ContainerEngine.shared().docker("exec", NAME, "sh", "-c", "echo " + line + " > /tmp/in");
    }

    private void awaitLines(String... wanted) {
        Await.until("the lines", () -> lines().equals(List.of(wanted)));
    }

    private List<String> lines() throws IOException {
        Path file = folder.resolve("log/web.log");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
