package dewy.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadableTimeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "-5000, 0s",
        "350, 350ms",
        "1000, 1s",
        "1500, 1.5s",
        "45200, 45.2s",
        "59999, 59.999s",
        "60000, 1m0s",
        "150400, 2m30s",
        "1800000, 30m0s",
        "3723000, 1h2m3s",
        "90000000, 25h0m0s"
    })
    void isAsPeopleWriteIt(long millis, String readable) {
        assertThat(ReadableTime.of(Duration.ofMillis(millis))).isEqualTo(readable);
    }
}
