package dewy.core.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionConstraintTest {
    @ParameterizedTest
    @CsvSource({
        "~1.4, v1.4.0 1.4.99, 1.3.9 1.5.0 1.5.0-rc.1 1.4.0-rc.1 2.0.0",
        "~1, 1.0.0 1.99.0, 0.9.0 2.0.0",
        "~1.4.2, 1.4.2 1.4.3, 1.4.1 1.5.0",
        "^2, 2.0.0 2.9.9, 1.9.9 3.0.0 3.0.0-alpha",
        "^1.2.3, 1.2.3 1.3.0, 1.2.2 2.0.0",
        "^0.3, 0.3.0 0.3.9, 0.2.9 0.4.0",
        "^0.0.3, 0.0.3, 0.0.2 0.0.4 0.1.0",
        "^0, 0.0.1 0.9.0, 1.0.0",
        "1.x, 1.0.0 1.9.0, 0.9.9 2.0.0",
        "1.2.*, 1.2.0 1.2.9, 1.3.0",
        "1, 1.0.0 1.9.0, 2.0.0",
        "*, 0.0.1 99.0.0, nightly",
        ">=1.2 <2, 1.2.0 1.9.9, 1.1.9 2.0.0 2.0.0-rc.1",
        "'>=1.2, <2', 1.2.0 1.9.9, 1.1.9 2.0.0",
        "'>= 1.2  < 2', 1.2.0, 2.0.0",
        "> 1.2, 1.3.0, 1.2.9",
        "> 1.2.3, 1.2.4, 1.2.3",
        "<=1.2, 1.2.9, 1.3.0",
        "<=1.2.3, 1.2.3, 1.2.4",
        "<2.0.0-rc.2, 2.0.0-rc.1, 2.0.0-rc.2 2.0.0",
        "1.2.3, 1.2.3 1.2.3+blue, 1.2.4 1.2.2",
        "=v1.2.3, 1.2.3, 1.2.4",
        "^1 || ^3, 1.5.0 3.5.0, 2.0.0 4.0.0",
        "~99999999999999999999.1, 99999999999999999999.1.7, 99999999999999999999.2.0"
    })
    void admitsJustTheVersionsInItsRange(String constraint, String within, String without) throws Exception {
        VersionConstraint parsed = VersionConstraint.parse(constraint);

        assertThat(within.split(" ")).allMatch(tag -> admits(parsed, tag));
        assertThat(without.split(" ")).noneMatch(tag -> admits(parsed, tag));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latest", "1.x.3", ">>1", "1.2 ||", "~", "1..2", ">=1.2 and <2"})
    void refusesWhatIsNoConstraintAndSaysHowToWriteOne(String text) {
        assertThatThrownBy(() -> VersionConstraint.parse(text))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("is no version")
                .hasMessageContaining("~1.4");
    }

    @Test
    void worksOnCalendarVersions() throws Exception {
        VersionScheme calendar = CalendarVersions.of("YYYY.0M.MICRO");

        assertThat(VersionConstraint.parse("2026.x")
                        .admits(calendar.parse("2026.03.1").orElseThrow()))
                .isTrue();
        assertThat(VersionConstraint.parse("<2026.3")
                        .admits(calendar.parse("2026.03.1").orElseThrow()))
                .isFalse();
    }

    private static boolean admits(VersionConstraint constraint, String tag) {
        return new SemanticVersions().parse(tag).filter(constraint::admits).isPresent();
    }
}
