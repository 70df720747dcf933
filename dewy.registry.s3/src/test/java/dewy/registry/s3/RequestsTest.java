package dewy.registry.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Cursor;
import dewy.api.registry.DeploymentReport;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.api.store.Store;
import dewy.api.store.Write;
import dewy.registry.s3.Relay.Exchanged;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Counts the requests of a deployment, and compares them with what users were told. */
class RequestsTest extends S3Fixture {
    private final Map<String, String> counted = new LinkedHashMap<>();

    RequestsTest() throws IOException {}

    @Test
    void areAsFewAsTheTableSays() throws Exception {
        MessageDigest digest = Digest.calculation("sha256");
        digest.update("old".getBytes(UTF_8));
        remote.put("app/v1.0.0/old.zip", "old");
        remote.put("app/v1.0.0/old.zip.sha256", Digest.of(digest).hex() + "  old.zip\n");
        remote.put("app/v1.1.0/app.zip", "12345");
        try (S3Registry registry = registry();
                ArtifactSource source = source("app")) {
            Cursor cursor = registry.poll(call(), Optional.empty()).cursor();
            registry.complete(call(), outline("v1.1.0"));
            count("the first poll");
            assertThat(registry.poll(call(), Optional.of(cursor)).releases()).isEmpty();
            count("a poll and nothing is new");
            remote.put("app/v1.2.0/app.zip", "123456");
            assertThat(registry.poll(call(), Optional.of(cursor)).releases()).isPresent();
            Release newest = registry.complete(call(), outline("v1.2.0"));
            count("a poll and a version is new");
            Deliverable found = deliverable(newest, "app.zip");
            deploy(registry, source, found);
            count("a deployment");
            Deliverable old = deliverable(registry.complete(call(), outline("v1.0.0")), "old.zip");
            relay.take();
            assertThat(deploy(registry, source, old).digest()).isPresent();
            count("a deployment, with checksums in an object");
            try (ArtifactStream stream = source.open(call(), found, 0, Optional.empty())) {
                relay.take();
                source.open(call(), found, 2, stream.validator()).close();
            }
            count("a download that broke off");
            registry.report(call(), new DeploymentReport(found, "h", "server", NOON, Optional.empty()));
            count("a report");
        }
        useCache();
        try (Store store = new S3StoreProvider(access).open(PluginUrl.parse(remote.url("store")), app())) {
            store.compareAndSet(call(), Write.create("key", "1"));
            relay.take();
            store.compareAndSet(call(), Write.create("another", "1"));
            count("a write to a store");
        }
        assertThat(counted).containsExactlyEntriesOf(documented());
    }

    private void useCache() throws Exception {
        try (S3Cache cache = cache("")) {
            try (BlobWriter writer = cache.write(call(), "v1--small.zip", 1)) {
                writer.write(new byte[1], 0, 1);
                writer.commit();
            }
            relay.take();
            Blob held = cache.find(call(), "v1--small.zip").orElseThrow();
            try (InputStream in = cache.read(call(), held)) {
                assertThat(in.readAllBytes()).hasSize(1);
            }
            count("a cache that has the artifact");
            try (BlobWriter writer = cache.write(call(), "v1--large.zip", 12 << 20)) {
                writer.write(new byte[12 << 20], 0, 12 << 20);
                writer.commit();
            }
            count("a cache that gets an artifact of 12 MiB");
        }
    }

    private static Artifact deploy(S3Registry registry, ArtifactSource source, Deliverable found) throws Exception {
        Artifact described = registry.describe(call(), found.release(), found.artifact());
        Deliverable whole = new Deliverable(found.release(), described);
        try (ArtifactStream stream = source.open(call(), whole, 0, Optional.empty())) {
            assertThat(stream.bytes().readAllBytes()).isNotEmpty();
        }
        return described;
    }

    /** Takes note of what was asked since the last time. */
    private void count(String when) {
        counted.put(when, relay.exchanged.stream().map(RequestsTest::shown).collect(Collectors.joining(", ")));
        relay.exchanged.clear();
    }

    private static String shown(Exchanged exchanged) {
        String target = exchanged.asked().target();
        boolean uploads = target.contains("uploads");
        boolean upload = target.contains("uploadId=");
        String operation =
                switch (exchanged.asked().method()) {
                    case "GET" -> target.contains("list-type=2") ? "ListObjectsV2" : "GetObject";
                    case "HEAD" -> "HeadObject";
                    case "PUT" -> upload ? "UploadPart" : "PutObject";
                    case "POST" -> uploads ? "CreateMultipartUpload" : upload ? "CompleteMultipartUpload" : "?";
                    default -> exchanged.asked().method();
                };
        return "`" + operation + "` " + exchanged.status();
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> table = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/s3.md"))) {
            String[] cells = line.split(" *\\| *", -1);
            if (cells.length == 5 && cells[2].matches("`[A-Z].*` \\d+")) {
                table.put(cells[1], cells[2]);
            }
        }
        return table;
    }
}
