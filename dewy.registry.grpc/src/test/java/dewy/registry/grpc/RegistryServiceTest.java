package dewy.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.registry.Reporting;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Platform;
import dewy.api.release.Release;
import dewy.http.Environment;
import dewy.registry.grpc.RegistryServer.Asked;
import dewy.tck.TestApp;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract to the byte, and what the statuses of gRPC mean. The bytes were written by {@code protoc --encode}. */
class RegistryServiceTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private static final String URL = "https://artifacts.example/v1.2.3/app.tar.gz";

    @TempDir
    Path folder;

    private final RegistryServer server = new RegistryServer();
    private final GrpcRegistryProvider provider = new GrpcRegistryProvider(Environment.SYSTEM, () -> NOW);

    RegistryServiceTest() throws IOException {}

    @AfterEach
    void close() {
        provider.close();
        server.close();
    }

    @Test
    void asksForThisPlatform() throws Exception {
        poll();
        String arch = hex(Platform.current().arch());
        String os = hex(Platform.current().os());
        assertThat(server.asked).containsExactly(new Asked("Current", "0a" + arch + "12" + os));
    }

    @Test
    void writesWhatProtocWrites() throws Exception {
        assertThat(bytes(Messages.write(new Messages.CurrentRequest("amd64", "linux", Optional.of("app.tar.gz")))))
                .isEqualTo("0a05616d64363412056c696e75781a0a6170702e7461722e677a");
        assertThat(bytes(Messages.write(new Messages.ReportRequest("7", "v1.2.3", "server", Optional.of("it exited")))))
                .isEqualTo("0a0137120676312e322e331a067365727665722209697420657869746564");
    }

    @Test
    void readsWhatProtocWrites() throws Exception {
        server.current = RegistryServer.message(HexFormat.of()
                .parseHex("0a0137120676312e322e331a0f68747470733a2f2f682f612e74677a22080880f2d6ca061005"));
        Poll poll = poll();
        assertThat(poll.selected()).isTrue();
        assertThat(poll.releases().orElseThrow())
                .containsExactly(new Release(
                        "v1.2.3",
                        Optional.of(Instant.parse("2026-01-01T00:00:00.000000005Z")),
                        List.of(Artifact.archive("a.tgz", "https://h/a.tgz#7"))));
    }

    @Test
    void readsPastFieldsOfALaterContract() throws Exception {
        server.current = RegistryServer.message(HexFormat.of().parseHex("0a0137120676312e322e3328059a0603616263"));
        assertThat(poll().releases().orElseThrow()).containsExactly(new Release("v1.2.3", Optional.empty(), List.of()));
    }

    @Test
    void reportsSuccessAndFailureOfTheReleaseByItsId() throws Exception {
        server.current = RegistryServer.release("7", "v1.2.3", URL, CREATED);
        try (Registry registry = open();
                CancellableCall call = call()) {
            Release release = registry.poll(call, Optional.empty())
                    .releases()
                    .orElseThrow()
                    .get(0);
            Deliverable deliverable =
                    new Deliverable(release, release.artifacts().get(0));
            Reporting reporting = (Reporting) registry;
            reporting.report(call, report(deliverable, Optional.empty()));
            reporting.reportFailure(call, report(deliverable, Optional.of("it exited")));
        }
        assertThat(server.asked.subList(1, 3))
                .containsExactly(
                        new Asked("Report", "0a0137120676312e322e331a06736572766572"),
                        new Asked("Report", "0a0137120676312e322e331a067365727665722209697420657869746564"));
    }

    @Test
    void keepsTheIdWhereItHoldsAnything() throws Exception {
        String id = "a#b c/ü%20";
        Artifact artifact = AnnouncedArtifact.of(
                        new Messages.CurrentResponse(id, "v1", URL + "?sig=a%2Fb", Optional.empty()), false)
                .orElseThrow();
        assertThat(AnnouncedArtifact.releaseId(artifact)).isEqualTo(id);
        assertThat(AnnouncedArtifact.address(artifact)).isEqualTo(URI.create(URL + "?sig=a%2Fb"));
        assertThat(artifact.name()).isEqualTo("app.tar.gz");
    }

    @Test
    void pollsOnOneConnectionWithOneQuestionEach() throws Exception {
        server.current = RegistryServer.release("7", "v1.2.3", URL, CREATED);
        try (Registry registry = open();
                Registry other = open();
                CancellableCall call = call()) {
            Optional<dewy.api.registry.Cursor> cursor =
                    Optional.of(registry.poll(call, Optional.empty()).cursor());
            for (int i = 0; i < 10; i++) {
                assertThat(registry.poll(call, cursor).releases()).isEmpty();
                assertThat(other.poll(call, cursor).releases()).isEmpty();
            }
        }
        assertThat(server.asked).hasSize(21);
        assertThat(new HashSet<>(server.connections)).hasSize(1);
    }

    @Test
    void asksAgainAtOnceWhenTheServerIsBack() throws Exception {
        server.current = RegistryServer.release("7", "v1.2.3", URL, CREATED);
        try (Registry registry = open();
                CancellableCall call = call()) {
            registry.poll(call, Optional.empty());
            server.stop();
            for (int i = 0; i < 5; i++) {
                assertThatExceptionOfType(UnreachableException.class)
                        .isThrownBy(() -> registry.poll(call, Optional.empty()))
                        .satisfies(e -> assertThat(e.problem().sentence()).contains(server.address()));
            }
            server.restart();
            assertThat(registry.poll(call, Optional.empty()).releases()).isPresent();
        }
    }

    @Test
    void asksOnANewConnectionWhenTheOneThereIsIsSilent() throws Exception {
        try (Registry registry = open();
                CancellableCall call = call()) {
            server.current = server.silence();
            try (CancellableCall shorter = CancellableCall.of("test", Duration.ofMillis(300))) {
                assertThatExceptionOfType(ExpiredException.class)
                        .isThrownBy(() -> registry.poll(shorter, Optional.empty()));
            }
            server.current = RegistryServer.release("7", "v1.2.3", URL, CREATED);
            registry.poll(call, Optional.empty());
        }
        assertThat(new HashSet<>(server.connections)).hasSize(2);
    }

    @Test
    void heedsHowLongTheServerAsksToBeLeftAlone() {
        // google.rpc.Status with google.rpc.RetryInfo of 90 s.
        String details = "08081208746f6f206d616e791a300a28747970652e676f6f676c65617069732e636f6d2f676f6f67"
                + "6c652e7270632e5265747279496e666f12040a02085a";
        server.current = RegistryServer.status(Status.RESOURCE_EXHAUSTED.withDescription("too many"), details);
        assertThat(limited()).isEqualTo(NOW.plusSeconds(90));
        server.current = RegistryServer.status(Status.UNAVAILABLE, details);
        assertThat(limited()).isEqualTo(NOW.plusSeconds(90));
        server.current = RegistryServer.status(Status.RESOURCE_EXHAUSTED);
        assertThat(limited()).isEqualTo(NOW.plusSeconds(60));
        server.current = RegistryServer.status(Status.RESOURCE_EXHAUSTED, "1aff");
        assertThat(limited()).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void takesAnAnswerThatIsTooLongForNone() {
        server.current = RegistryServer.message(new byte[1 << 20]);
        fails(UnreachableException.class, "exceeds maximum size");
    }

    @ParameterizedTest
    @EnumSource(Status.Code.class)
    void everyStatusFailsByWhatItMeans(Status.Code code) {
        if (code == Status.Code.OK || code == Status.Code.RESOURCE_EXHAUSTED) {
            return;
        }
        server.current = RegistryServer.status(code.toStatus().withDescription("said\n so"));
        Class<? extends DewyException> type =
                switch (code) {
                    case UNAUTHENTICATED, PERMISSION_DENIED -> UnauthorizedException.class;
                    case NOT_FOUND -> NotFoundException.class;
                    case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, UNIMPLEMENTED -> InvalidException.class;
                    default -> UnreachableException.class;
                };
        fails(type, code == Status.Code.DEADLINE_EXCEEDED ? "in time" : code + ": said so");
    }

    @ParameterizedTest
    @EnumSource(Unusable.class)
    void saysWhatIsWrongWithAnAddressOfAnArtifact(Unusable unusable) {
        server.current = RegistryServer.release("7", "v1.2.3", unusable.url, CREATED);
        fails(UnreachableException.class, "artifact_url");
    }

    private enum Unusable {
        RELATIVE("app.tar.gz"),
        FOLDER("https://host/"),
        HOST("https://host"),
        ITSELF("grpc://host/app.tar.gz"),
        OPAQUE("mailto:someone"),
        NONE("http://a b");

        private final String url;

        Unusable(String url) {
            this.url = url;
        }
    }

    private Instant limited() {
        return fails(RateLimitedException.class, "").until();
    }

    private <E extends DewyException> E fails(Class<E> type, String words) {
        try {
            poll();
        } catch (Exception e) {
            assertThat(e).isExactlyInstanceOf(type);
            E failure = type.cast(e);
            assertThat(failure.problem().sentence()).contains(words);
            return failure;
        }
        throw new AssertionError("it did not fail");
    }

    private Poll poll() throws Exception {
        try (Registry registry = open();
                CancellableCall call = call()) {
            return registry.poll(call, Optional.empty());
        }
    }

    private Registry open() throws InvalidException {
        return provider.open(PluginUrl.parse(server.address() + "?no-tls=true"), TestApp.in(folder));
    }

    private static CancellableCall call() {
        return CancellableCall.of("test", Duration.ofSeconds(30));
    }

    private static DeploymentReport report(Deliverable deliverable, Optional<String> error) {
        return new DeploymentReport(deliverable, "host-1", "server", NOW, error);
    }

    private static String hex(String text) {
        return "%02x".formatted(text.length())
                + HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static String bytes(java.io.InputStream in) throws IOException {
        return HexFormat.of().formatHex(in.readAllBytes());
    }
}
