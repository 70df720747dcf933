package dewy.runtime.process.ready;

/** Text of a server's, fit to be shown in one line. */
final class OneLine {
    private static final int SHOWN_CHARACTERS = 200;

    private OneLine() {}

    static String of(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > SHOWN_CHARACTERS ? line.substring(0, SHOWN_CHARACTERS) + "…" : line;
    }
}
