package dewy.launcher.log;

/** One JSON object a line, all values strings. */
final class JsonFormat implements RecordEncoder.Format {
    @Override
    public void begin(StringBuilder line) {
        line.append('{');
    }

    @Override
    public void field(StringBuilder line, String key, String value) {
        if (line.length() > 1) {
            line.append(',');
        }
        line.append('"');
        escape(line, key);
        line.append("\":\"");
        escape(line, value);
        line.append('"');
    }

    @Override
    public void end(StringBuilder line) {
        line.append("}\n");
    }

    /** Appends a text as it stands inside a JSON string (RFC 8259, section 7). */
    static void escape(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (isControl(c) || (Character.isSurrogate(c) && !isPaired(text, i))) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
    }

    /** Besides what JSON itself forbids, these end a line for some readers of logs. */
    private static boolean isControl(char c) {
        return c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    private static boolean isPaired(String text, int at) {
        boolean high = Character.isHighSurrogate(text.charAt(at));
        int other = high ? at + 1 : at - 1;
        return other >= 0
                && other < text.length()
                && (high
                        ? Character.isLowSurrogate(text.charAt(other))
                        : Character.isHighSurrogate(text.charAt(other)));
    }
}
