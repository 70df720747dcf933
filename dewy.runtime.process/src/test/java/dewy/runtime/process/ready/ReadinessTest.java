package dewy.runtime.process.ready;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadinessTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void isThatAServerStaysUpOrSaysSo() throws Exception {
        assertThat(Readiness.parse("alive", SECOND)).isEqualTo(new Alive(SECOND));
        assertThat(Readiness.parse("notify", SECOND)).isEqualTo(new Notified());
    }

    @Test
    void isThatAServerAnswers() throws Exception {
        assertThat(Readiness.parse("http://localhost:9000/health?deep=1", SECOND))
                .isEqualTo(new HttpAnswer(new Address("http", "localhost", 9000, "/health?deep=1")));
        assertThat(Readiness.parse("http://127.0.0.1", SECOND))
                .isEqualTo(new HttpAnswer(new Address("http", "127.0.0.1", 80, "/")));
        assertThat(Readiness.parse("tcp://[::1]:9000", SECOND))
                .isEqualTo(new TcpAccept(new Address("tcp", "[::1]", 9000, "")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ready",
                "https://localhost/",
                "http://user@localhost/",
                "http://localhost/#part",
                "http://localhost:65536/",
                "http:///health",
                "http://local host/",
                "tcp://localhost",
                "tcp://localhost:0",
                "tcp://localhost:80/path"
            })
    void isNothingElse(String text) {
        assertThatThrownBy(() -> Readiness.parse(text, SECOND))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("alive, notify, http://host:port/path, tcp://host:port and /path");
    }
}
