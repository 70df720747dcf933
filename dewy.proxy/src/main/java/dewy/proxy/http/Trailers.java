package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields behind a body that comes in chunks. Those are not passed on that nobody is to send there by <a
 * href="https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1">RFC 9110</a>: what they say of framing, routing, authentication,
 * conditions or the content was to be known before the body, and has passed whoever looked at the header section for it. A
 * receiver that puts both together would believe it.
 */
final class Trailers {
    private static final int MOST = 16 << 10;

    /** Beside those that a proxy has to know, which all are of that kind; as <a href="https://www.rfc-editor.org/rfc/rfc7230#section-4.1.2">RFC 7230</a> lists them. */
    private static final Set<String> FORBIDDEN = Set.of(
            "age",
            "authorization",
            "cache-control",
            "content-encoding",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "expect",
            "expires",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "location",
            "max-forwards",
            "pragma",
            "range",
            "retry-after",
            "set-cookie",
            "trailer",
            "vary",
            "warning",
            "www-authenticate");

    private static final byte[] END = "\r\n".getBytes(US_ASCII);

    private Trailers() {}

    /** Takes them, and returns what is passed on of them with the end of the body; null if more of them has to arrive. */
    static @Nullable ByteBuf passOn(Incoming from) throws Malformed {
        int length = from.findHead(MOST);
        if (length < 0) {
            return null;
        }
        ByteBuf bytes = from.bytes();
        Fields fields = Fields.ofThread();
        fields.readTrailers(bytes, length);
        for (int i = 0; i < fields.count(); i++) {
            if (fields.known(i) != null || isForbidden(fields.name(i))) {
                fields.drop(i);
            }
        }
        ByteBuf out = bytes.alloc().directBuffer(fields.size() + END.length);
        from.clean();
        fields.writeTo(out);
        return out.writeBytes(END);
    }

    private static boolean isForbidden(String name) {
        return FORBIDDEN.contains(name.toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
