package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.InvalidException;
import dewy.api.cache.Blob;
import dewy.api.control.CycleOutcome;
import dewy.api.control.CycleOutcome.Kind;
import dewy.api.release.Digest;
import dewy.core.verify.Signer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app that takes only what is signed. */
class SignedReleaseTest {
    @TempDir
    Path folder;

    private FolderCache cache;
    private ScriptedHost host;
    private Signer key;
    private Signer other;

    @BeforeEach
    void makeKeys() throws Exception {
        key = Signer.make();
        other = Signer.make();
        cache = FolderCache.in(folder);
        host = new ScriptedHost(folder, (url, context) -> cache);
        verify(key);
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void takesTheNewestThatIsSignedWhileNothingIsDeployed() throws Exception {
        publish("v1.0.0", key);
        host.publish("v2.0.0");
        assertThat(host.app().control().check("test").reason())
                .startsWith("v1.0.0 would be deployed, if it is signed by cosign:")
                .endsWith("; v2.0.0 is left out, without a signature");
        assertThat(deploy().outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v1.0.0");
    }

    @Test
    void failsWithWhatIsNotSignedOnceTheGracePeriodIsOver() throws Exception {
        publish("v1.0.0", key);
        deploy();
        host.publish("v2.0.0");
        CycleOutcome outcome = deploy();
        assertThat(outcome.outcome()).isEqualTo(Kind.FAILED);
        assertThat(outcome.reason()).contains("v2.0.0 does not have app.zip.sig");
        host.signatures.put("v2.0.0", key.sign(host.archive("v2.0.0")));
        assertThat(deploy().outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.app().status().current().orElseThrow().signer().orElseThrow())
                .startsWith("cosign:");
        assertThat(host.app().history().get(0).signer()).isPresent();
    }

    @Test
    void leavesOutWhatIsSignedWronglyAndNeverUnpacksIt() throws Exception {
        publish("v1.0.0", key);
        deploy();
        publish("v2.0.0", other);
        assertThat(deploy().reason()).contains("app.zip of v2.0.0: it is not signed by cosign:");
        assertThat(host.app().status().quarantined()).containsOnlyKeys("v2.0.0");
        assertThat(host.told("signature.refused")).singleElement().satisfies(event -> assertThat(event.data())
                .containsEntry("version", "v2.0.0"));
        assertThat(host.folders()).isEqualTo(1);
        assertThat(cache.blobs()).containsOnlyKeys("v1.0.0--app.zip");
    }

    @Test
    void downloadsAgainWhatWasChangedInTheCache() throws Exception {
        publish("v1.0.0", key);
        byte[] poison = poison();
        var calculation = Digest.calculation("sha256");
        calculation.update(poison);
        String entry = "v1.0.0--app.zip";
        cache.blobs().put(entry, new Blob(entry, poison.length, Digest.of(calculation)));
        Files.write(folder.resolve(entry), poison);
        assertThat(deploy().outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.told("artifact.discarded")).singleElement().satisfies(event -> assertThat(
                        event.data().getOrDefault("reason", ""))
                .contains("it is not signed by cosign:"));
        assertThat(host.current()).isEqualTo("v1.0.0");
    }

    @Test
    void verifiesWhatWasUnpackedBeforeThereWasAKey() throws Exception {
        host.options.remove("verify");
        publish("v1.0.0", other);
        deploy();
        publish("v2.0.0", other);
        deploy();
        host.app().control().rollback(Optional.empty(), "test");
        host.restart();
        verify(key);
        CycleOutcome outcome = host.app().control().deploy("v2.0.0", "test");
        assertThat(outcome.reason()).contains("it is not signed by cosign:");
        assertThat(host.current()).isEqualTo("v1.0.0");
    }

    @Test
    void leavesWhatIsDeployedAloneWhenAKeyIsAskedForAndItIsNotSigned() throws Exception {
        host.options.remove("verify");
        host.publish("v1.0.0");
        deploy();
        host.restart();
        verify(key);
        CycleOutcome outcome = deploy();
        assertThat(outcome.outcome()).isEqualTo(Kind.NOTHING_TO_DO);
        assertThat(outcome.reason()).isEqualTo("v1.0.0 is deployed");
    }

    @Test
    void takesWhatANewKeyHasSignedOnceThatIsTrustedToo() throws Exception {
        publish("v1.0.0", key);
        deploy();
        publish("v2.0.0", other);
        deploy();
        assertThat(host.current()).isEqualTo("v1.0.0");
        host.restart();
        verify(key, other);
        assertThat(host.app().control().retry("test").outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v2.0.0");
    }

    @Test
    void refusesToVerifyImages() {
        host.command = "container";
        host.options.put("runtime", List.of("test"));
        Assertions.assertThatThrownBy(() -> host.app())
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("only archives can be verified");
    }

    private CycleOutcome deploy() throws Exception {
        return host.app().control().deploy("test");
    }

    private void verify(Signer... trusted) {
        host.options.put("verify", Stream.of(trusted).map(Signer::key).toList());
    }

    private void publish(String tag, Signer by) throws GeneralSecurityException {
        host.signatures.put(tag, by.sign(host.archive(tag)));
        host.publish(tag);
    }

    private static byte[] poison() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("version"));
            zip.write("evil".getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
