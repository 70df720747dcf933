package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The fields that a proxy has to know. */
enum KnownField {
    HOST,
    CONNECTION,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    UPGRADE,
    TE,
    KEEP_ALIVE,
    PROXY_CONNECTION,
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    HTTP2_SETTINGS,
    SEC_WEBSOCKET_KEY1,
    SEC_WEBSOCKET_KEY2,
    FORWARDED,
    X_FORWARDED_FOR,
    X_FORWARDED_PROTO,
    X_FORWARDED_HOST,
    /** Any name that is one of the others once an underscore is read as a hyphen, as servers do that have fields as variables. */
    LOOKALIKE;

    private static final KnownField[][] BY_LENGTH = new KnownField[32][];

    static {
        for (int i = 0; i < BY_LENGTH.length; i++) {
            int length = i;
            BY_LENGTH[i] = Arrays.stream(values())
                    .filter(field -> field != LOOKALIKE && field.name.length == length)
                    .toArray(KnownField[]::new);
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // Nobody writes to it.
    private final byte[] name =
            name().toLowerCase(Locale.ROOT).replace('_', '-').getBytes(US_ASCII);

    /** Returns the field of that name, in whatever case; null for all others. */
    static @Nullable KnownField of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length >= BY_LENGTH.length) {
            return null;
        }
        for (KnownField field : BY_LENGTH[length]) {
            if (isAlike(field.name, bytes, from)) {
                return Fields.isSame(field.name, bytes, from, to) ? field : LOOKALIKE;
            }
        }
        return null;
    }

    private static boolean isAlike(byte[] name, byte[] bytes, int from) {
        for (int i = 0; i < name.length; i++) {
            byte b = bytes[from + i];
            if (name[i] != (b == '_' ? '-' : Fields.lower(b))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether it is about a connection and not about a message, whatever else says so, or may be taken for one that is
     * not what the client said. With the two keys of a draft of WebSocket, a request has a body of which no field tells, for
     * those who still know of it.
     */
    boolean isOfConnection() {
        return switch (this) {
            case CONNECTION,
                    UPGRADE,
                    TE,
                    KEEP_ALIVE,
                    PROXY_CONNECTION,
                    PROXY_AUTHENTICATE,
                    PROXY_AUTHORIZATION,
                    HTTP2_SETTINGS,
                    SEC_WEBSOCKET_KEY1,
                    SEC_WEBSOCKET_KEY2,
                    LOOKALIKE -> true;
            default -> false;
        };
    }

    /** Returns whether it says who the client is. */
    boolean isOfForwarding() {
        return switch (this) {
            case FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST -> true;
            default -> false;
        };
    }
}
