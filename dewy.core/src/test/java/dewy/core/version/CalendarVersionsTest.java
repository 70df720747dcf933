package dewy.core.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import org.junit.jupiter.api.Test;

class CalendarVersionsTest {
    @Test
    void comparesTheNumbersOfItsFormat() throws InvalidException {
        CalendarVersions versions = CalendarVersions.of("YYYY.0M.MICRO");
        assertThat(versions.parse("v2026.09.10").orElseThrow())
                .isGreaterThan(versions.parse("2026.09.9").orElseThrow())
                .isLessThan(versions.parse("2026.10.0").orElseThrow());
        assertThat(versions.parse("2026.10.1-rc.1+blue").orElseThrow().isPreRelease())
                .isTrue();
    }

    @Test
    void refusesTagsOfAnotherFormat() throws InvalidException {
        CalendarVersions versions = CalendarVersions.of("YYYY.0M.MICRO");
        assertThat(versions.parse("2026.9.1")).isEmpty();
        assertThat(versions.parse("1.2.3")).isEmpty();
        assertThat(versions.parse("2026.13.1")).isEmpty();
    }

    @Test
    void refusesAFormatItDoesNotKnow() {
        assertThatThrownBy(() -> CalendarVersions.of("YYYY.foo"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(".foo");
        assertThatThrownBy(() -> CalendarVersions.of("..")).isInstanceOf(InvalidException.class);
    }
}
