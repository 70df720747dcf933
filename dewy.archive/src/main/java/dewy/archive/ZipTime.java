package dewy.archive;

import java.nio.ByteBuffer;
import java.nio.file.attribute.FileTime;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** When a zip entry was changed: in seconds since 1970 if an extra field tells, else by the clock of who packed it. */
final class ZipTime {
    private static final int UNIVERSAL = 0x5455;
    private static final int HAS_MODIFIED = 1;
    private static final int UNIX = 0x7855;
    private static final int NEWER_UNIX = 0x7875;
    private static final int OLD_UNIX = 0x5855;
    private static final int PKWARE_UNIX = 0x000d;
    private static final int OLD_UNIX_MODIFIED = 4;

    private ZipTime() {}

    /** Takes what stands in front of the content, where extra fields tell more than in the table of contents. */
    static FileTime of(int dosTime, List<ZipExtra> extras) {
        return seconds(extras)
                .map(seconds -> FileTime.from(seconds, TimeUnit.SECONDS))
                .orElseGet(() -> FileTime.from(
                        dos(dosTime).atZone(ZoneId.systemDefault()).toInstant()));
    }

    private static Optional<Integer> seconds(List<ZipExtra> extras) {
        Optional<Integer> universal = Optional.empty();
        Optional<Integer> old = Optional.empty();
        boolean newer = false;
        for (ZipExtra extra : extras) {
            ByteBuffer data = extra.data();
            switch (extra.id()) {
                case UNIVERSAL -> {
                    boolean told = data.limit() > Integer.BYTES && (data.get(0) & HAS_MODIFIED) != 0;
                    universal = told ? Optional.of(data.getInt(1)) : Optional.empty();
                    newer = true;
                }
                case UNIX, NEWER_UNIX -> newer = true;
                case OLD_UNIX, PKWARE_UNIX -> {
                    if (data.limit() >= OLD_UNIX_MODIFIED + Integer.BYTES) {
                        old = Optional.of(data.getInt(OLD_UNIX_MODIFIED));
                    }
                }
                default -> {}
            }
        }
        return newer ? universal : old;
    }

    /** Months and days of zero are found where a packer knew no time. */
    private static LocalDateTime dos(int time) {
        int month = Math.min(Math.max(time >> 21 & 0xf, 1), 12);
        LocalDate day = LocalDate.of(1980 + (time >>> 25), month, 1).plusDays((time >> 16 & 0x1f) - 1);
        return day.atStartOfDay()
                .plusHours(time >> 11 & 0x1f)
                .plusMinutes(time >> 5 & 0x3f)
                .plusSeconds(2L * (time & 0x1f));
    }
}
