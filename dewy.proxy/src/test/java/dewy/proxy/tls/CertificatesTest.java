package dewy.proxy.tls;

import static dewy.proxy.tls.TestPairs.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.pem.BadCertificate;
import dewy.pem.Credential;
import dewy.proxy.Listening;
import dewy.proxy.tls.TlsSettings.Pair;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.tck.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which certificates are read, and which one a client is shown. */
@Timeout(60)
class CertificatesTest {
    private static final TrafficSettings HTTP = TlsClient.patient(Mode.HTTP);
    private static final Duration INTERVAL = Duration.ofMillis(20);

    @TempDir
    static Path shared;

    private static Pair one;
    private static Pair two;

    @TempDir
    Path folder;

    private volatile Instant now = Instant.now();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private TestPairs pairs;

    @BeforeAll
    static void make() throws Exception {
        TestPairs pairs = new TestPairs(shared);
        one = pairs.make("one", "one.example", "*.one.example");
        two = pairs.make("two.example", List.of("-newkey", "rsa:2048"));
    }

    @BeforeEach
    void begin() {
        pairs = new TestPairs(folder);
    }

    private Certificates read(Library library, Pair... some) throws BadCertificate {
        return Certificates.read(
                settings(some),
                new Certificates.Making(library, true, () -> now, notice -> told.add(notice.toString())));
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void showsTheOneThatIsForTheHost(Library library) throws Exception {
        try (Termination tls = new Termination(read(library, one, two));
                Listening listening = new Listening(HTTP, tls)) {
            assertThat(TlsClient.shown(listening, "TWO.example")).contains("CN=two.example");
            for (String host : List.of("one.example", "A.one.example", "other.example", "b.two.example")) {
                assertThat(TlsClient.shown(listening, host)).as(host).contains("CN=one");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void showsANewOneOnceItIsThere(Library library) throws Exception {
        Pair live = new Pair(folder.resolve("live.pem"), folder.resolve("live.key"));
        copy(one, live);
        try (Termination tls = new Termination(read(library, live), INTERVAL);
                Listening listening = new Listening(HTTP, tls)) {
            assertThat(TlsClient.shown(listening, "any")).contains("CN=one");
            copy(two, live);
            awaitShown(listening, "CN=two.example");
            assertThat(told).singleElement().asString().contains("live.pem");
        }
    }

    private static void awaitShown(Listening listening, String name) throws InterruptedException {
        Await.until("the certificate of " + name, () -> shown(listening).contains(name));
    }

    private static String shown(Listening listening) {
        try {
            return TlsClient.shown(listening, "any");
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void copy(Pair from, Pair to) throws IOException {
        Files.copy(from.chain(), to.chain(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(from.key(), to.key(), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void followsLinksThatAreTurned() throws Exception {
        Path chain = Files.createSymbolicLink(folder.resolve("chain"), one.chain());
        Path key = Files.createSymbolicLink(folder.resolve("key"), one.key());
        try (Termination tls = new Termination(read(Library.JDK, new Pair(chain, key)), INTERVAL);
                Listening listening = new Listening(HTTP, tls)) {
            assertThat(TlsClient.shown(listening, "any")).contains("CN=one");
            turn(chain, two.chain());
            turn(key, two.key());
            awaitShown(listening, "CN=two.example");
        }
    }

    private void turn(Path link, Path to) throws IOException {
        Path next = Files.createSymbolicLink(folder.resolve("next"), to);
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void keepsTheOneBeforeWhereTheNewOneIsOfNoUse() throws Exception {
        Pair live = new Pair(folder.resolve("live.pem"), folder.resolve("live.key"));
        copy(one, live);
        try (Termination tls = new Termination(read(Library.JDK, live), INTERVAL);
                Listening listening = new Listening(HTTP, tls)) {
            Files.copy(two.chain(), live.chain(), StandardCopyOption.REPLACE_EXISTING);
            Await.until("a complaint", () -> told.size() == 1);
            assertThat(told.get(0)).contains("live.key").contains("not of the kind");
            Files.delete(live.chain());
            Await.until("another complaint", () -> told.size() == 2);
            assertThat(told.get(1)).contains("live.pem").contains("no such file");
            assertThat(TlsClient.shown(listening, "any")).contains("CN=one");
            copy(two, live);
            awaitShown(listening, "CN=two.example");
            assertThat(told).hasSize(3);
        }
    }

    @Test
    void warnsOfOneThatIsNotValid() throws Exception {
        Credential credential = Credential.read(one.chain(), one.key());
        Instant now = Instant.now();
        assertThat(credential.warning(now)).isEmpty();
        assertThat(credential.warning(now.plus(Duration.ofDays(1000))).orElseThrow())
                .contains("has expired");
        assertThat(credential.warning(now.minus(Duration.ofDays(10))).orElseThrow())
                .contains("is valid from");
    }

    @Test
    void remindsOnceOfOneThatNobodyHasRenewed() throws Exception {
        try (Termination tls = new Termination(read(Library.JDK, one), INTERVAL)) {
            Instant end = Credential.read(one.chain(), one.key()).end();
            now = end.minus(Duration.ofDays(8));
            Certificates shown = tls.certificates();
            assertThat(told).isEmpty();
            now = end.minus(Duration.ofDays(6));
            Await.until("a reminder", () -> tls.certificates() != shown);
            assertThat(told).singleElement().asString().contains("one.pem").contains("it ends at " + end);
            now = end.plusSeconds(1);
            Await.until("that it has ended", () -> told.size() == 2);
            assertThat(told.get(1)).contains("it has expired");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rsa:2048, pkcs8 -topk8 -nocrypt",
        "rsa:2048, rsa -traditional",
        "ec -pkeyopt ec_paramgen_curve:P-256, ec",
        "ec -pkeyopt ec_paramgen_curve:P-384, ec -outform PEM",
        "ed25519, pkey",
    })
    void readsKeysAsProgramsWriteThem(String kind, String rewritten) throws Exception {
        Pair pair = pairs.make("some", List.of(("-newkey " + kind).split(" ", -1)));
        Pair other = pairs.rewritten(pair, rewritten.split(" ", -1));
        assertThat(Credential.read(other.chain(), other.key()).hosts()).containsExactly("some");
    }

    @Test
    void readsBothFromOneFile() throws Exception {
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(one.key()) + Files.readString(one.chain()));
        assertThat(Credential.read(both, both).hosts()).containsExactly("one.example", "*.one.example");
    }

    @Test
    void saysWhichFileIsOfNoUseAndWhy() throws Exception {
        Path nothing = folder.resolve("nothing");
        Path damaged = Files.writeString(
                folder.resolve("damaged"), Files.readString(one.chain()).replaceFirst("M", "-"));
        Pair other = pairs.make("other", "other.example");
        Pair encrypted = pairs.rewritten(one, "pkcs8", "-topk8", "-passout", "pass:secret");
        Pair old = pairs.rewritten(one, "ec", "-aes128", "-passout", "pass:secret");
        assertBad(new Pair(nothing, one.key()), nothing, "no such file");
        assertBad(new Pair(one.chain(), nothing), nothing, "no such file");
        assertBad(new Pair(folder, one.key()), folder, "");
        assertBad(new Pair(one.key(), one.key()), one.key(), "no certificate");
        assertBad(new Pair(one.chain(), one.chain()), one.chain(), "no private key");
        assertBad(new Pair(damaged, one.key()), damaged, "damaged");
        assertBad(new Pair(one.chain(), other.key()), other.key(), "not the key of the certificate");
        assertBad(new Pair(one.chain(), two.key()), two.key(), "not of the kind");
        assertBad(encrypted, encrypted.key(), "encrypted");
        assertBad(old, old.key(), "encrypted");
    }

    private static void assertBad(Pair pair, Path file, String why) {
        BadCertificate bad =
                catchThrowableOfType(BadCertificate.class, () -> Credential.read(pair.chain(), pair.key()));
        assertThat(bad).as(why).isNotNull();
        assertThat(bad.file()).isEqualTo(file);
        assertThat(bad.why()).contains(why);
        assertThat(bad.advice()).isNotEmpty();
    }

    @Test
    void takesAllOrNone() {
        assertThatThrownBy(() -> read(Library.JDK, one, new Pair(one.chain(), two.key())))
                .isInstanceOf(BadCertificate.class);
    }
}
