package dewy.tck.load;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;

/** Bytes of which both sides know what they are, however many: noise that repeats after a length that divides no buffer. */
final class Pattern {
    private static final int PERIOD = 1_000_003;
    private static final byte[] BYTES = new byte[PERIOD];

    static {
        new Random(1).nextBytes(BYTES);
    }

    private Pattern() {}

    /** Writes some, from the one with that number on. */
    static void write(OutputStream out, long from, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int at = at(from + done);
            int some = Math.min(length - done, PERIOD - at);
            out.write(BYTES, at, some);
            done += some;
        }
    }

    /**
     * Finds that bytes are those from the one with that number on.
     *
     * @throws IOException which names the first one that is not
     */
    static void check(byte[] bytes, int length, long from) throws IOException {
        int done = 0;
        while (done < length) {
            int at = at(from + done);
            int some = Math.min(length - done, PERIOD - at);
            int wrong = Arrays.mismatch(bytes, done, done + some, BYTES, at, at + some);
            if (wrong >= 0) {
                throw new LoadClient.WrongAnswer("byte " + (from + done + wrong) + " is not the one that was sent");
            }
            done += some;
        }
    }

    private static int at(long number) {
        return (int) (number % PERIOD);
    }
}
