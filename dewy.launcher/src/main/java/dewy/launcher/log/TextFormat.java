package dewy.launcher.log;

/** {@code key=value} pairs; values that hold anything but visible characters are quoted. */
final class TextFormat implements RecordEncoder.Format {
    @Override
    public void begin(StringBuilder line) {}

    @Override
    public void field(StringBuilder line, String key, String value) {
        if (line.length() > 0) {
            line.append(' ');
        }
        line.append(key).append('=');
        if (needsQuotes(value) || "msg".equals(key)) {
            line.append('"');
            JsonFormat.escape(line, value);
            line.append('"');
        } else {
            line.append(value);
        }
    }

    @Override
    public void end(StringBuilder line) {
        line.append('\n');
    }

    private static boolean needsQuotes(String value) {
        return value.isEmpty()
                || value.chars()
                        .anyMatch(c -> c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f || isLineEnd(c));
    }

    private static boolean isLineEnd(int c) {
        return c == 0x85 || c == 0x2028 || c == 0x2029;
    }
}
