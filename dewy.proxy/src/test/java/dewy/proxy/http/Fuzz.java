package dewy.proxy.http;

import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Tries cases that depend on chance: some thousand in every build, which are the same ones, and as many as the system property
 * {@code dewy.fuzz.seconds} has time for in the long form.
 */
final class Fuzz {
    private static final long SEED = Long.getLong("dewy.test.seed", 1);
    private static final long SECONDS = Long.getLong("dewy.fuzz.seconds", Boolean.getBoolean("dewy.long") ? 60 : 0);

    interface Case {
        void run(Random random) throws Exception;
    }

    private Fuzz() {}

    /** Tries at least so many. */
    static void run(String what, int least, Case each) {
        Random random = new Random(SEED);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int rounds = 0;
        try {
            for (; rounds < least || System.nanoTime() < deadline; rounds++) {
                each.run(new Random(random.nextLong()));
            }
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    what + ", round " + rounds + ", -Ddewy.test.seed=" + SEED + ": " + e.getMessage(), e);
        }
        System.out.println(rounds + " rounds of " + what + ", -Ddewy.test.seed=" + SEED);
    }

    /** Returns bytes in a way that can be read, and be put into a test. */
    static String escaped(String bytes) {
        return bytes.chars()
                .mapToObj(c -> switch (c) {
                    case '\r' -> "\\r";
                    case '\n' -> "\\n";
                    case '\t' -> "\\t";
                    default -> c >= ' ' && c < 0x7f ? String.valueOf((char) c) : String.format(Locale.ROOT, "\\%o", c);
                })
                .collect(Collectors.joining());
    }
}
