package dewy.core.cycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeployWindowsTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /** The 2nd of January 2026 is a Friday. */
    @ParameterizedTest
    @CsvSource({
        "Mon-Fri 09:00-17:00, 2026-01-02T08:59:59, 2026-01-02T09:00",
        "Mon-Fri 09:00-17:00, 2026-01-02T09:00:00,",
        "Mon-Fri 09:00-17:00, 2026-01-02T16:59:59,",
        "Mon-Fri 09:00-17:00, 2026-01-02T17:00:00, 2026-01-05T09:00",
        "Mon-Fri 09:00-17:00, 2026-01-03T12:00:00, 2026-01-05T09:00",
        "mon 09:00-17:00, 2026-01-05T17:00:00, 2026-01-12T09:00",
        "Fri-Mon 10:00-11:00, 2026-01-06T10:30:00, 2026-01-09T10:00",
        "Fri-Mon 10:00-11:00, 2026-01-05T10:30:00,",
        "09:00-10:00, 2026-01-03T09:30:00,",
        "09:00-10:00, 2026-01-03T10:00:00, 2026-01-04T09:00",
        "Fri 22:00-04:00, 2026-01-02T21:59:59, 2026-01-02T22:00",
        "Fri 22:00-04:00, 2026-01-03T03:59:59,",
        "Fri 22:00-04:00, 2026-01-03T04:00:00, 2026-01-09T22:00",
        "Fri 22:00-04:00, 2026-01-02T03:00:00, 2026-01-02T22:00",
        "Sat 00:00-24:00, 2026-01-02T23:59:59, 2026-01-03T00:00",
        "Sat 00:00-24:00, 2026-01-03T23:59:59,",
        "Sat 00:00-24:00, 2026-01-04T00:00:00, 2026-01-10T00:00",
    })
    void isOpenFromWhenItOpensToJustBeforeItCloses(String text, String now, String opens) throws Exception {
        DeployWindows windows = DeployWindows.parse(text, ZoneOffset.UTC);
        assertThat(windows.closedUntil(utc(now)))
                .isEqualTo(Optional.ofNullable(opens).map(DeployWindowsTest::utc));
    }

    @Test
    void isOpenWhileOneOfSeveralIs() throws Exception {
        DeployWindows windows = DeployWindows.parse("Mon 09:00-10:00 ,Sat 12:00-13:00", ZoneOffset.UTC);
        assertThat(windows.closedUntil(utc("2026-01-03T12:30"))).isEmpty();
        assertThat(windows.closedUntil(utc("2026-01-05T09:30"))).isEmpty();
        assertThat(windows.closedUntil(utc("2026-01-03T11:00"))).contains(utc("2026-01-03T12:00"));
        assertThat(windows.closedUntil(utc("2026-01-03T13:00"))).contains(utc("2026-01-05T09:00"));
    }

    @Test
    void takesTheZoneOfTheHostUnlessOneIsNamed() throws Exception {
        assertThat(DeployWindows.parse("09:00-10:00", BERLIN).closedUntil(utc("2026-01-02T08:00")))
                .isEmpty();
        DeployWindows named = DeployWindows.parse("09:00-10:00 Asia/Tokyo, 12:00-13:00 UTC", BERLIN);
        assertThat(named.closedUntil(utc("2026-01-02T00:30"))).isEmpty();
        assertThat(named.closedUntil(utc("2026-01-02T12:30"))).isEmpty();
        assertThat(named.closedUntil(utc("2026-01-02T01:00"))).contains(utc("2026-01-02T12:00"));
    }

    /** In Berlin the clocks go from 2 to 3 on the 29th of March 2026, a Sunday. */
    @ParameterizedTest
    @CsvSource({
        "09:00-10:00, 2026-03-28T08:30,",
        "09:00-10:00, 2026-03-29T07:30,",
        "09:00-10:00, 2026-03-28T09:00, 2026-03-29T07:00",
        "01:30-02:30, 2026-03-29T00:59:59,",
        "01:30-02:30, 2026-03-29T01:00, 2026-03-29T23:30",
        "02:00-04:00, 2026-03-29T00:59:59, 2026-03-29T01:00",
        "02:00-04:00, 2026-03-29T01:59:59,",
        "Sun 02:15-02:45, 2026-03-29T00:00, 2026-04-05T00:15",
        "Sat 22:00-04:00, 2026-03-29T01:59:59,",
        "Sat 22:00-04:00, 2026-03-29T02:00, 2026-04-04T20:00",
    })
    void leavesOutWhatTheClocksLeaveOutInSpring(String text, String now, String opens) throws Exception {
        isOpenInBerlin(text, now, opens);
    }

    /** In Berlin the clocks go from 3 to 2 on the 25th of October 2026, a Sunday. */
    @ParameterizedTest
    @CsvSource({
        "02:00-03:00, 2026-10-24T23:59:59, 2026-10-25T00:00",
        "02:00-03:00, 2026-10-25T00:30,",
        "02:00-03:00, 2026-10-25T01:59:59,",
        "02:00-03:00, 2026-10-25T02:00, 2026-10-26T01:00",
        "01:00-02:30, 2026-10-25T01:29:59,",
        "01:00-02:30, 2026-10-25T01:30, 2026-10-26T00:00",
        "Sat 22:00-04:00, 2026-10-25T02:59:59,",
        "Sat 22:00-04:00, 2026-10-25T03:00, 2026-10-31T21:00",
    })
    void countsWhatTheClocksShowTwiceInAutumnBothTimes(String text, String now, String opens) throws Exception {
        isOpenInBerlin(text, now, opens);
    }

    private static void isOpenInBerlin(String text, String now, String opens) throws Exception {
        DeployWindows windows = DeployWindows.parse(text, BERLIN);
        assertThat(windows.closedUntil(utc(now)))
                .isEqualTo(Optional.ofNullable(opens).map(DeployWindowsTest::utc));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | '' | it is not made of days, a time and a zone",
                "Mon-Fri | Mon-Fri | it is not made of days, a time and a zone",
                "Mon-Fri 9:00-17:00 | Mon-Fri 9:00-17:00 | it is not made of days, a time and a zone",
                "Moo 09:00-17:00 | Moo 09:00-17:00 | it is not made of days, a time and a zone",
                "09:00-10:00, | '' | it is not made of days, a time and a zone",
                "Mon,Tue 09:00-17:00 | Mon | it is not made of days, a time and a zone",
                "09:00-10:00, 11:00-25:00 | 11:00-25:00 | there is no time 25:00",
                "24:00-10:00 | 24:00-10:00 | there is no time 24:00",
                "09:00-10:60 | 09:00-10:60 | there is no time 10:60",
                "09:00-09:00 | 09:00-09:00 | it opens when it closes; 00:00-24:00 is a whole day",
                "09:00-17:00 Europe/Berln | 09:00-17:00 Europe/Berln | there is no time zone Europe/Berln",
            })
    void saysWhatIsWrongWithWhich(String text, String part, String why) {
        String of = text.contains(",") ? " of \"" + text + "\"" : "";
        assertThatThrownBy(() -> DeployWindows.parse(text, BERLIN))
                .isInstanceOf(InvalidException.class)
                .hasMessage("Cannot use the deploy window \"" + part + "\"" + of + ": " + why
                        + ". Write \"Mon-Fri 09:00-17:00\", \"22:00-04:00 Europe/Berlin\", or several with commas"
                        + " between");
    }

    private static Instant utc(String time) {
        return LocalDateTime.parse(time).toInstant(ZoneOffset.UTC);
    }
}
