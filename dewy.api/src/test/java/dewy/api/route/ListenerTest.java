package dewy.api.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.process.ListeningAddress;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerTest {
    @Test
    void hasTheNameThatTheOptionSays() throws InvalidException {
        assertThat(Listener.parseList("8080, 127.0.0.1:9090,[::1]:9090:3000,/run/app.sock,7000-7001"))
                .extracting(Listener::name)
                .containsExactly("8080", "127.0.0.1:9090", "[::1]:9090:3000", "/run/app.sock", "7000", "7001");
    }

    @Test
    void leadsToThePortOfTheAppThatIsNamed() throws InvalidException {
        assertThat(Listener.parseList("80:3000,localhost:80:3001,127.0.0.1:80,80"))
                .isEqualTo(List.of(
                        new Listener("80:3000", new ListeningAddress("", 80), OptionalInt.of(3000)),
                        new Listener("localhost:80:3001", new ListeningAddress("localhost", 80), OptionalInt.of(3001)),
                        new Listener("127.0.0.1:80", new ListeningAddress("127.0.0.1", 80), OptionalInt.empty()),
                        new Listener("80", new ListeningAddress("", 80), OptionalInt.empty())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http", "80:0", "80:65536", "65536:80", "80,80", "80:3000:4000", "80:3000,80:3000"})
    void isRefusedWhenItIsNoPort(String text) {
        assertThatThrownBy(() -> Listener.parseList(text)).isInstanceOf(InvalidException.class);
    }
}
