package dewy.core.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionConstraintTest {
    @ParameterizedTest
    @CsvSource({
        "~1.4, v1.4.0 1.4.99 1.4.0-rc.1, 1.3.9 1.5.0 1.5.0-rc.1 2.0.0",
        "~>1.4, 1.4.0 1.4.99, 1.3.9 1.5.0",
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
    @CsvSource({
        "1.2.0 - 1.4.2, 1.2.0 1.4.2, 1.1.9 1.4.3",
        "1.2 - 1.4, 1.2.0 1.4.9, 1.1.9 1.5.0",
        "1 - 2, 1.0.0 2.9.9, 0.9.9 3.0.0",
        "x - 2, 0.0.1 2.9.9, 3.0.0",
        "1.2.0 - 1.4.2 || 3, 1.3.0 3.1.0, 2.0.0",
        "^1.2.3+blue, 1.2.3 1.9.0+green, 1.2.2 2.0.0",
        "1.2.3+blue, 1.2.3, 1.2.4",
        "'', 0.0.1 99.0.0, nightly",
        "^1 ||, 0.0.1 99.0.0, nightly",
        "||, 0.0.1, nightly",
        "'>= v1.2', 1.2.0, 1.1.9",
        "<* || 5, 5.0.0, 0.0.0 1.0.0",
        "'^1 <1.5', 1.4.9, 1.5.0 0.9.0",
    })
    void understandsHyphenRangesBuildMetadataAndTheEmptyRange(String constraint, String within, String without)
            throws Exception {
        admitsJustTheVersionsInItsRange(constraint, within, without);
    }

    @ParameterizedTest
    @CsvSource({
        // What is left open begins before the pre-releases of its first version, and ends before those of the next.
        "1.x, 1.0.0-rc.1 1.9.0-rc.1, 2.0.0-rc.1",
        "~1.4, 1.4.0-rc.1, 1.5.0-rc.1",
        "^1, 1.0.0-rc.1, 2.0.0-rc.1",
        ">=1.4, 1.4.0-rc.1, 1.3.0-rc.1",
        ">1.4, 1.5.0-rc.1, 1.4.9",
        "<1.4, 1.3.9-rc.1, 1.4.0-rc.1",
        "<=1.4, 1.4.9-rc.1, 1.5.0-rc.1",
        "1.2.3 - 1.4.2, 1.2.3-rc.1 1.4.2-rc.1, 1.4.3-rc.1",
        // A version that is given whole is itself and nothing before.
        "~1.4.2, 1.4.3-rc.1, 1.4.2-rc.1 1.5.0-rc.1",
        "^0.3.1, 0.3.2-rc.1, 0.3.1-rc.1 0.4.0-rc.1",
        ">=1.4.2, 1.4.3-rc.1, 1.4.2-rc.1",
        "<1.4.2, 1.4.2-rc.1, 1.4.2",
        "<1.4.2-0, 1.4.1, 1.4.2-rc.1",
        "1.4.2-rc.1, 1.4.2-rc.1, 1.4.2 1.4.2-rc.2",
        "1.4.0-rc.1 - 1.4.0-rc.3, 1.4.0-rc.2, 1.4.0-rc.4 1.4.0",
        "^1.4.2-rc.2, 1.4.2-rc.3 1.4.2, 1.4.2-rc.1 2.0.0-rc.1",
    })
    void takesPreReleasesByTheirPlaceInTheOrder(String constraint, String within, String without) throws Exception {
        admitsJustTheVersionsInItsRange(constraint, within, without);
    }

    @ParameterizedTest
    @CsvSource({
        "latest, 'at \"latest\", a number is missing'",
        "1.x.3, 'at \"1.x.3\", a number stands behind one that is left open'",
        ">>1, 'at \">1\", a number is missing'",
        "~, 'at its end, a number is missing'",
        "1..2, 'at \".2\", a number is missing'",
        ">=1.2 and <2, 'at \"and <2\", a number is missing'",
        ">01.02.03, 'at \"01.02.03\", a number begins with 0'",
        "1.2.3.4, 'at \"1.2.3.4\", a version has 3 numbers, not 4'",
        "1.2.3beta, 'at \"beta\", this cannot follow a version'",
        "1.2-rc, 'at \"-rc\", this cannot follow a version'",
        "1.2.3-, 'at its end, an identifier is missing'",
        "'^1,', 'at its end, a version is missing behind the comma'",
        "^1 - 2, 'at \"^1 - 2\", only a single version without an operator can stand in front of \" - \"'",
        "1 - 2 3, 'at \"3\", nothing can follow a range with \" - \" but \"||\"'",
        "1 |  2, 'at \"|  2\", a number is missing'",
    })
    void saysWhatIsWrongAndWhere(String text, String why) {
        assertThatThrownBy(() -> VersionConstraint.parse(text))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("~1.4");
    }

    @Test
    void worksOnCalendarVersions() throws Exception {
        VersionScheme calendar = CalendarVersions.of("YYYY.0M.MICRO");

        assertThat(calendar.constraint("2026.x")
                        .admits(calendar.parse("2026.03.1").orElseThrow()))
                .isTrue();
        assertThat(calendar.constraint("<2026.3")
                        .admits(calendar.parse("2026.03.1").orElseThrow()))
                .isFalse();
        assertThat(calendar.constraint("~2026.03")
                        .admits(calendar.parse("2026.03.1").orElseThrow()))
                .isTrue();
    }

    @Test
    void takesACalendarVersionForWholeWhenItHasTheNumbersOfItsFormat() throws Exception {
        VersionScheme four = CalendarVersions.of("YYYY.0M.0D.MICRO");

        VersionConstraint day = four.constraint("2026.03.01");

        assertThat(day.admits(four.parse("2026.03.01.7").orElseThrow())).isTrue();
        assertThat(day.admits(four.parse("2026.03.02.0").orElseThrow())).isFalse();
    }

    private static boolean admits(VersionConstraint constraint, String tag) {
        return new SemanticVersions().parse(tag).filter(constraint::admits).isPresent();
    }
}
