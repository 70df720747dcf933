package dewy.core.cycle;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A time of certain days. Where the clocks of its zone are set forward, what is left out is not missed: it begins or ends as
 * they are; where they are set back, what they show twice belongs to it both times.
 *
 * @param days on which it opens; one that ends the next day belongs to the day before
 * @param from when it opens
 * @param to when it closes; at or before {@code from} that is on the next day
 */
record DeployWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
    /** A time in which it is open: the first instant, and the first after it. */
    record Opening(Instant from, Instant to) {
        boolean contains(Instant time) {
            return !time.isBefore(from) && time.isBefore(to);
        }
    }

    DeployWindow {
        days = Set.copyOf(days);
    }

    boolean isOpen(Instant now) {
        return around(now).anyMatch(opening -> opening.contains(now));
    }

    /** Returns when it opens next, if ever. */
    Optional<Instant> opensAfter(Instant now) {
        return around(now).map(Opening::from).filter(now::isBefore).min(Instant::compareTo);
    }

    /** A day of the week comes back after seven days, or after fourteen, when it is left out once. */
    private Stream<Opening> around(Instant now) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        return LongStream.rangeClosed(-1, 14)
                .mapToObj(today::plusDays)
                .filter(day -> days.contains(day.getDayOfWeek()))
                .map(this::on)
                .filter(opening -> opening.from().isBefore(opening.to()));
    }

    private Opening on(LocalDate day) {
        LocalDate end = to.isAfter(from) ? day : day.plusDays(1);
        return new Opening(at(day.atTime(from), true), at(end.atTime(to), false));
    }

    private Instant at(LocalDateTime shown, boolean first) {
        Optional<ZoneOffsetTransition> set = Optional.ofNullable(zone.getRules().getTransition(shown));
        if (set.isPresent() && set.get().isGap()) {
            return set.get().getInstant();
        }
        var at = shown.atZone(zone);
        return (first ? at.withEarlierOffsetAtOverlap() : at.withLaterOffsetAtOverlap()).toInstant();
    }
}
