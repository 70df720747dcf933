package dewy.archive;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/**
 * The archive does what no archive may, or needs what this host does not have. An {@link IOException} because it is
 * found out in the middle of streams; {@link Extraction} turns it into the failure that callers see.
 */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 160;

    private final String advice;
    private final boolean byHost;

    RefusedException(String why) {
        this(why, "");
    }

    RefusedException(String why, String advice) {
        this(why, advice, false);
    }

    private RefusedException(String why, String advice, boolean byHost) {
        super(why);
        this.advice = advice;
        this.byHost = byHost;
    }

    /** Says what the archive needs and this host does not have; on another host it may be fine. */
    static RefusedException byHost(String why, String advice) {
        return new RefusedException(why, advice, true);
    }

    /** Says of an entry what it does, such as {@code "../x" leaves the release}. */
    static RefusedException entry(String name, String does) {
        return entry(name, does, "");
    }

    static RefusedException entry(String name, String does, String advice) {
        return new RefusedException(quoted(name) + " " + does, advice);
    }

    /** Returns the refusal in {@code thrown}, however deep a library has wrapped it. */
    static Optional<RefusedException> in(Throwable thrown) {
        Throwable cause = thrown;
        while (cause != null) {
            if (cause instanceof RefusedException refused) {
                return Optional.of(refused);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    String why() {
        return String.valueOf(getMessage());
    }

    String advice() {
        return advice;
    }

    boolean isByHost() {
        return byHost;
    }

    /** Returns a name as it can be shown: a hostile one neither moves the cursor nor fills the log. */
    static String quoted(String name) {
        StringBuilder shown = new StringBuilder("\"");
        name.codePoints().limit(SHOWN).forEach(character -> {
            if (Character.isISOControl(character) || Character.getType(character) == Character.FORMAT) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", character));
            } else {
                shown.appendCodePoint(character);
            }
        });
        return shown.append(name.codePointCount(0, name.length()) > SHOWN ? "…\"" : "\"")
                .toString();
    }
}
