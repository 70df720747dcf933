package dewy.proxy.traffic;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** How a request is written: one line each, which no request can break. */
public enum AccessFormat {
    /** The common log format of httpd, with the duration in microseconds, the backend and its version behind it. */
    COMMON {
        @Override
        String line(AccessEntry entry) {
            return entry.client() + " - - [" + TIME.format(entry.began().atZone(ZoneId.systemDefault())) + "] "
                    + quoted(orNone(entry.request())) + ' ' + entry.status() + ' '
                    + (entry.bytes() == 0 ? "-" : entry.bytes())
                    + ' ' + entry.duration().toNanos() / 1000 + ' ' + orNone(entry.backend()) + ' '
                    + orNone(entry.version()) + '\n';
        }
    },
    /** An object of JSON. */
    JSON {
        @Override
        String line(AccessEntry entry) {
            return "{\"time\":" + quoted(entry.began().atOffset(ZoneOffset.UTC).toString()) + ",\"client\":"
                    + quoted(entry.client()) + ",\"host\":" + quoted(entry.host()) + ",\"request\":"
                    + quoted(entry.request()) + ",\"status\":" + entry.status() + ",\"bytes\":" + entry.bytes()
                    + ",\"micros\":" + entry.duration().toNanos() / 1000 + ",\"backend\":" + quoted(entry.backend())
                    + ",\"version\":" + quoted(entry.version()) + ",\"app\":" + quoted(entry.app()) + "}\n";
        }
    };

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);
    private static final Map<Character, String> ESCAPED = Map.of('"', "\\\"", '\\', "\\\\");

    abstract String line(AccessEntry entry);

    private static String orNone(String text) {
        return text.isEmpty() ? "-" : text;
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(ESCAPED.getOrDefault(c, String.valueOf(c)));
            }
        }
        return quoted.append('"').toString();
    }
}
