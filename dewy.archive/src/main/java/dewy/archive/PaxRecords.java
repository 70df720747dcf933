package dewy.archive;

import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The records of a pax header, such as {@code 18 path=some/name}, of which those are kept that say something of what is
 * unpacked.
 */
final class PaxRecords {
    static final PaxRecords NONE = new PaxRecords(Map.of());

    private static final String PATH = "path";
    private static final String LINK_PATH = "linkpath";
    private static final String SIZE = "size";
    private static final String TIME = "mtime";
    private static final Set<String> KEPT = Set.of(PATH, LINK_PATH, SIZE, TIME);
    private static final String SPARSE = "GNU.sparse.";

    /** What follows the number does not matter to other tools. */
    private static final Pattern SECONDS = Pattern.compile("(-?\\d{1,18})(?:\\.(\\d*))?.*", Pattern.DOTALL);

    private static final Pattern NUMBER = Pattern.compile("0*(\\d{1,18})");
    private static final int NANO_DIGITS = 9;

    private final Map<String, byte[]> records;

    private PaxRecords(Map<String, byte[]> records) {
        this.records = records;
    }

    /** Reads the content of a pax header; of several records of one key the last counts. */
    static PaxRecords parse(byte[] content) throws RefusedException {
        Map<String, byte[]> records = new HashMap<>();
        int at = 0;
        while (at < content.length && content[at] != 0) {
            int end = at + length(content, at);
            int key = indexOf(' ', content, at, end) + 1;
            int value = indexOf('=', content, key, end) + 1;
            if (content[end - 1] != '\n') {
                throw damaged();
            }
            String name = new String(content, key, value - 1 - key, StandardCharsets.UTF_8);
            if (KEPT.contains(name) || name.startsWith(SPARSE)) {
                records.put(name, Arrays.copyOfRange(content, value, end - 1));
            }
            at = end;
        }
        return new PaxRecords(records);
    }

    /** Returns these records and, where they say nothing, those of {@code others}. */
    PaxRecords or(PaxRecords others) {
        Map<String, byte[]> both = new HashMap<>(others.records);
        both.putAll(records);
        return new PaxRecords(both);
    }

    Optional<byte[]> path() {
        return Optional.ofNullable(records.get(PATH));
    }

    Optional<byte[]> linkPath() {
        return Optional.ofNullable(records.get(LINK_PATH));
    }

    Optional<Long> size() throws RefusedException {
        byte[] size = records.get(SIZE);
        if (size == null) {
            return Optional.empty();
        }
        Matcher digits = NUMBER.matcher(new String(size, StandardCharsets.US_ASCII));
        if (!digits.matches()) {
            throw damaged();
        }
        return Optional.of(Long.parseLong(digits.group(1)));
    }

    Optional<FileTime> modified() throws RefusedException {
        byte[] time = records.get(TIME);
        if (time == null) {
            return Optional.empty();
        }
        Matcher number = SECONDS.matcher(new String(time, StandardCharsets.US_ASCII));
        if (!number.matches()) {
            throw damaged();
        }
        long seconds = Long.parseLong(number.group(1));
        if (seconds < 0 || seconds > Instant.MAX.getEpochSecond()) {
            return Optional.of(FileTime.from(seconds, TimeUnit.SECONDS));
        }
        String fraction = number.group(2) == null ? "" : number.group(2);
        String nanos = (fraction + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS);
        return Optional.of(FileTime.from(Instant.ofEpochSecond(seconds, Long.parseLong(nanos))));
    }

    /** Returns whether they say that the file is stored without its holes. */
    boolean isSparse() {
        return records.keySet().stream().anyMatch(key -> key.startsWith(SPARSE));
    }

    private static int length(byte[] content, int start) throws RefusedException {
        int at = start;
        int length = 0;
        while (at < content.length && '0' <= content[at] && content[at] <= '9' && length <= content.length) {
            length = 10 * length + content[at++] - '0';
        }
        if (length == 0 || length > content.length - start) {
            throw damaged();
        }
        return length;
    }

    private static int indexOf(char wanted, byte[] content, int start, int end) throws RefusedException {
        for (int at = start; at < end; at++) {
            if (content[at] == wanted) {
                return at;
            }
        }
        throw damaged();
    }

    private static RefusedException damaged() {
        return new RefusedException("a pax header in it is damaged");
    }
}
