package dewy.runtime.process.output;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines of text. Of a line that is longer than 8 KiB only the beginning is kept, so that no
 * output takes more memory than that; bytes that are no UTF-8 become replacement characters, empty lines are left out. For
 * one thread.
 */
final class Lines {
    /** The bytes that are kept of a line. */
    static final int LONGEST = 8 << 10;

    private static final int LONGEST_CHARACTER = 4;

    private final Consumer<String> sink;
    private final byte[] line = new byte[LONGEST];
    private int length;
    private long cut;

    Lines(Consumer<String> sink) {
        this.sink = sink;
    }

    void feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n') {
                flush();
            } else if (length < LONGEST) {
                line[length++] = next;
            } else {
                cut++;
            }
        }
    }

    /** Returns how many bytes of a line without an end there are. */
    long pending() {
        return length + cut;
    }

    /** Ends the line. */
    void flush() {
        boolean returned = cut == 0 && length > 0 && line[length - 1] == '\r';
        int end = cut > 0 ? endOfLastCharacter() : returned ? length - 1 : length;
        if (end > 0) {
            String text = new String(line, 0, end, StandardCharsets.UTF_8);
            sink.accept(cut > 0 ? text + "… (" + (length - end + cut) + " bytes more)" : text);
        }
        length = 0;
        cut = 0;
    }

    /** Ends the line where it is, because its end is lost. */
    void breakOff() {
        if (length > 0) {
            sink.accept(new String(line, 0, endOfLastCharacter(), StandardCharsets.UTF_8) + "…");
        }
        length = 0;
        cut = 0;
    }

    /** Returns where to cut so that no half of a character is left. */
    private int endOfLastCharacter() {
        int lead = length - 1;
        while (lead > length - LONGEST_CHARACTER && (line[lead] & 0xC0) == 0x80) {
            lead--;
        }
        int bytes = Math.max(1, Integer.numberOfLeadingZeros(~line[lead] << 24));
        return lead + bytes <= length ? length : lead;
    }
}
