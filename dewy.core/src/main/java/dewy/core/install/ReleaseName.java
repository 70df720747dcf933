package dewy.core.install;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The name of a release folder: the second it was made, as {@code 20240115T103045Z}. Names sort by age.
 *
 * @param second in UTC, without a fraction
 */
record ReleaseName(Instant second) implements Comparable<ReleaseName> {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    static ReleaseName of(Instant time) {
        return new ReleaseName(time.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Returns the release that a folder's name says; empty for the names of others. */
    static Optional<ReleaseName> parse(String name) {
        try {
            ReleaseName release = new ReleaseName(Instant.from(FORMAT.parse(name)));
            return Optional.of(release).filter(same -> same.toString().equals(name));
        } catch (DateTimeParseException foreign) {
            return Optional.empty();
        }
    }

    ReleaseName next() {
        return new ReleaseName(second.plusSeconds(1));
    }

    @Override
    public int compareTo(ReleaseName other) {
        return second.compareTo(other.second);
    }

    @Override
    public String toString() {
        return FORMAT.format(second);
    }
}
