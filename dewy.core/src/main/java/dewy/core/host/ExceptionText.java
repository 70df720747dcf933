package dewy.core.host;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleException;

/** What was thrown, in one sentence: in the words of each cause, down to the first one, and without the stack. */
final class ExceptionText {
    private ExceptionText() {}

    /** Returns why the framework refused something. */
    static String refusal(BundleException e) {
        Throwable cause = e.getCause();
        if (cause != null && e.getType() == BundleException.ACTIVATOR_ERROR) {
            return "its activator failed: " + words(cause);
        }
        String why = String.valueOf(e.getMessage());
        return cause == null || why.contains(String.valueOf(cause.getMessage())) ? why : why + " (" + cause + ")";
    }

    static String words(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        return words(trace.toString());
    }

    /** Reads what {@link Throwable#printStackTrace()} writes. */
    static String words(String trace) {
        List<String> heads = new ArrayList<>();
        for (String cause : trace.split("\\RCaused by: ", -1)) {
            heads.add(cause.split("\\R\t", 2)[0].replaceAll("\\s+", " ").strip());
        }
        List<String> words = new ArrayList<>();
        for (int i = 0; i < heads.size(); i++) {
            boolean last = i == heads.size() - 1;
            String text = words(heads.get(i), last);
            boolean repeated = !last && text.endsWith(heads.get(i + 1));
            boolean said = words.stream().anyMatch(before -> before.contains(text));
            if (!repeated && !said && !text.isEmpty()) {
                words.add(text);
            }
        }
        return String.join(": ", words);
    }

    /** A message of one word, such as a path, says nothing without the name of what was thrown; a wrapper has none. */
    private static String words(String head, boolean last) {
        int end = head.indexOf(": ");
        String type = (end < 0 ? head : head.substring(0, end)).replaceFirst(":$", "");
        String name = type.substring(type.lastIndexOf('.') + 1).replace('$', '.');
        String message = end < 0 ? "" : head.substring(end + 2);
        if (message.isEmpty()) {
            return last ? name : "";
        }
        return message.contains(" ") ? message : name + ": " + message;
    }
}
