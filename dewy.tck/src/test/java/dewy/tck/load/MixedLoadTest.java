package dewy.tck.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.tck.Await;
import dewy.tck.load.MixedLoad.Kind;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MixedLoadTest {
    private static final int LENGTH = 10_000;
    private static final long FROM = 1_996_000;

    @Test
    void doesAllKindsAndFindsNothingWrongWhereNothingIs() throws Exception {
        try (LoadServer server = LoadServer.start("v1", 0);
                MixedLoad load = on(server.port(), Duration.ofMillis(400))) {
            load.awaitAll();
            load.awaitVersion("v1");
            load.close();
            assertThat(load.failures()).isEmpty();
            assertThat(load.cut()).isZero();
            assertThat(load.done())
                    .allSatisfy((kind, count) -> assertThat(count).isPositive());
        }
    }

    @Test
    void tellsOfEachKindThatItWasCutBeforeItsTime() throws Exception {
        LoadServer server = LoadServer.start("v1", 0);
        try (MixedLoad load = on(server.port(), Duration.ofMinutes(1))) {
            load.awaitVersion("v1");
            server.close();
            Await.until("a failure of each kind", () -> Arrays.stream(Kind.values())
                    .allMatch(kind -> load.failures().stream().anyMatch(failure -> failure.startsWith(kind + " "))));
            assertThat(load.cut()).isZero();
        }
    }

    @Test
    void tellsWhichByteIsAnotherOne() throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        Pattern.write(sent, FROM, LENGTH);
        byte[] came = sent.toByteArray();
        Pattern.check(came, LENGTH, FROM);
        came[LENGTH - 1]++;
        assertThatThrownBy(() -> Pattern.check(came, LENGTH, FROM)).hasMessageStartingWith("byte 2005999 ");
    }

    private static MixedLoad on(int port, Duration drainTime) {
        return MixedLoad.on(() -> new Socket(InetAddress.getLoopbackAddress(), port), drainTime);
    }
}
