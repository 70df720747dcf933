package dewy.core.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CorruptException;
import dewy.api.InvalidException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures by minisign itself. */
class MinisignKeyTest {
    private static final String SUFFIX = ".minisig";

    @TempDir
    Path folder;

    private Signing publisher;
    private TrustedKeys keys;
    private String name;

    @BeforeEach
    void makeKey() throws Exception {
        publisher = new Signing(folder);
        publisher.artifact("the artifact");
        keys = key("key");
        name = "minisign:" + Files.readString(folder.resolve("key.pub")).replaceAll("(?s).*public key (\\w+).*", "$1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-H", "-l"})
    void takesWhatIsSignedHashedOrInTheLegacyWay(String way) throws Exception {
        sign("key", way);
        assertThat(publisher.signer(keys, SUFFIX)).isEqualTo(Optional.of(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-H", "-l"})
    void refusesWhatWasChangedAfterItWasSigned(String way) throws Exception {
        sign("key", way);
        publisher.artifact("the Artifact");
        refuses("it says the key " + name + ", but is not of these bytes by that key");
    }

    @Test
    void namesTheKeyThatItIsSignedByInstead() throws Exception {
        key("other");
        String other = Files.readString(folder.resolve("other.pub")).replaceAll("(?s).*public key (\\w+).*", "$1");
        sign("other", "-H");
        refuses("it is not signed by " + name + "; app.tar.gz.minisig: it is by the key minisign:" + other);
    }

    @Test
    void takesWhatOneOfSeveralKeysHasSigned() throws Exception {
        TrustedKeys both = keys.and(key("other"));
        sign("other", "-H");
        assertThat(publisher.signer(both, SUFFIX)).isPresent().isNotEqualTo(Optional.of(name));
        sign("key", "-H");
        assertThat(publisher.signer(both, SUFFIX)).isEqualTo(Optional.of(name));
        assertThat(both.accept(Optional.of(name))).isTrue();
        assertThat(both.accept(Optional.of("minisign:0"))).isFalse();
        assertThat(both.accept(Optional.empty())).isFalse();
    }

    @Test
    void isNamedAsMinisignNamesItAlsoWhereItsNumberBeginsWithZeros() throws Exception {
        String key = "RWT3iy6dFdjqBsV5mmgIowLCkURcGe1IJTGTRNhkLsJiSlhPvn0GRmrX";
        assertThat(TrustedKeys.of("minisign:" + key)).hasToString("minisign:6EAD8159D2E8BF7");
    }

    @Test
    void refusesATrustedCommentThatWasChanged() throws Exception {
        sign("key", "-H");
        String signature = Files.readString(folder.resolve(Signing.NAME + SUFFIX));
        assertThat(signature).contains("file:" + Signing.NAME);
        String changed = signature.replace("timestamp:1", "timestamp:2");
        assertThatThrownBy(() -> publisher.signer(keys, SUFFIX, changed))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("its trusted comment was changed");
    }

    @Test
    void refusesWhatWasSignedUnderAnotherName() throws Exception {
        Files.writeString(folder.resolve("old.tar.gz"), "the artifact");
        publisher.run("minisign", "-S", "-s", "key", "-m", "old.tar.gz", "-x", Signing.NAME + SUFFIX);
        refuses("it is of a file that was called old.tar.gz when it was signed");
    }

    /** As other programs in minisign's format write it. */
    @Test
    void takesATrustedCommentThatNamesTheFileWithItsFolder() throws Exception {
        publisher.run(
                "minisign", "-S", "-s", "key", "-m", Signing.NAME, "-t", "timestamp:1\tfile:dist/" + Signing.NAME);
        assertThat(publisher.signer(keys, SUFFIX)).isEqualTo(Optional.of(name));
    }

    @Test
    void takesATrustedCommentThatNamesNoFile() throws Exception {
        publisher.run("minisign", "-S", "-s", "key", "-m", Signing.NAME, "-t", "für alle");
        assertThat(publisher.signer(keys, SUFFIX)).isEqualTo(Optional.of(name));
    }

    @Test
    void saysWhatALargeArtifactIsToBeSignedWith() throws Exception {
        sign("key", "-l");
        try (RandomAccessFile large =
                new RandomAccessFile(folder.resolve(Signing.NAME).toFile(), "rw")) {
            large.setLength(SignedFile.LARGEST_IN_MEMORY + 1);
        }
        refuses("it is of the legacy kind, by which artifacts of more than 16 MiB are not verified");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n\n\n", "a\nb\nc\nd", "untrusted comment: x\nRW==\ntrusted comment: \nAA=="})
    void refusesWhatIsNoSignature(String text) {
        assertThatThrownBy(() -> publisher.signer(keys, SUFFIX, text))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("it is not the four lines that minisign writes");
    }

    @Test
    void readsAKeyThatIsWrittenOutOrInAFile() throws Exception {
        String inline =
                Files.readString(folder.resolve("key.pub")).lines().toList().get(1);
        sign("key", "-H");
        assertThat(publisher.signer(TrustedKeys.of("minisign:" + inline), SUFFIX))
                .isEqualTo(Optional.of(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"minisign:", "minisign:/nonexistent/key.pub", "gpg:ABC", "RWQf6LRC", "minisign:\0"})
    void refusesWhatIsNoKey(String text) {
        assertThatThrownBy(() -> TrustedKeys.of(text))
                .isInstanceOf(InvalidException.class)
                .hasMessageStartingWith("Cannot use the key");
    }

    @Test
    void refusesAFileThatHoldsNoKey() throws Exception {
        Path secret = folder.resolve("key");
        assertThatThrownBy(() -> TrustedKeys.of("minisign:" + secret))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("it is no public key of minisign");
        Path empty = Files.createFile(folder.resolve("empty"));
        assertThatThrownBy(() -> TrustedKeys.of("minisign:" + empty)).isInstanceOf(InvalidException.class);
    }

    private TrustedKeys key(String file) throws Exception {
        publisher.run("minisign", "-G", "-W", "-p", file + ".pub", "-s", file);
        return TrustedKeys.of("minisign:" + folder.resolve(file + ".pub"));
    }

    private void sign(String key, String way) throws Exception {
        publisher.run("minisign", "-S", way, "-s", key, "-m", Signing.NAME);
    }

    private void refuses(String why) {
        assertThatThrownBy(() -> publisher.signer(keys, SUFFIX))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining(why);
    }
}
