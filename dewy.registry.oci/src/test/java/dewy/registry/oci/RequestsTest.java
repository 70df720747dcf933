package dewy.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.registry.oci.FakeRegistry.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Counts the requests of polls, and compares them with what users were told. */
@Timeout(60)
class RequestsTest {
    private final FakeRegistry remote = new FakeRegistry();
    private final List<Integer> statuses = new ArrayList<>();
    private final Map<String, String> counted = new LinkedHashMap<>();

    @TempDir
    Path folder;

    RequestsTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        remote.close();
    }

    @Test
    void areAsFewAsTheTableSays() throws Exception {
        remote.access = Access.TOKEN;
        remote.tampering = answer -> {
            statuses.add(answer.status());
            return answer;
        };
        push("v1.0.0");
        try (OpenRegistry open = open()) {
            open.poll();
            open.image("v1.0.0");
            count("the first poll");
            assertThat(open.poll()).isEmpty();
            count("a poll and nothing is new");
            remote.etags = true;
            open.poll();
            forget();
            assertThat(open.poll()).isEmpty();
            count("a poll and nothing is new, where the registry gives an ETag");
            push("v1.1.0");
            assertThat(open.poll()).isPresent();
            open.image("v1.1.0");
            count("a poll and a version is new");
            remote.push("v1.2.0", TestImage.of("linux/amd64", "v1.2.0"));
            open.complete("v1.2.0");
            forget();
            open.image("v1.2.0");
            remote.api.asked.remove(0);
            statuses.remove(0);
            count("an image without an index");
        }
        assertThat(counted).containsExactlyEntriesOf(documented());
    }

    private void push(String tag) {
        remote.push(tag, TestImage.index(TestImage.of("linux/arm64", tag), TestImage.of("linux/amd64", tag)));
    }

    private OpenRegistry open() throws Exception {
        Map<String, String> environment =
                Map.of("DOCKER_USERNAME", FakeRegistry.USER, "DOCKER_PASSWORD", FakeRegistry.PASSWORD);
        return new OpenRegistry(remote.url() + "?platform=linux/amd64", folder, environment, remote.clock());
    }

    /** Takes note of what was asked since the last time. */
    private void count(String when) {
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < statuses.size(); i++) {
            String request = remote.requests()
                    .get(i)
                    .replaceFirst("\\?.*", "")
                    .replaceFirst("sha256:.*", "{digest}")
                    .replaceFirst("manifests/v.*", "manifests/{tag}");
            requests.add("`" + request + "` " + statuses.get(i));
        }
        counted.put(when, String.join(", ", requests));
        forget();
    }

    private void forget() {
        remote.api.asked.clear();
        statuses.clear();
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> table = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/oci.md"))) {
            String[] cells = line.split(" *\\| *", -1);
            if (cells.length == 5 && cells[2].startsWith("`")) {
                table.put(cells[1], cells[2]);
            }
        }
        return table;
    }
}
