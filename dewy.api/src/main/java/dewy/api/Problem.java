package dewy.api;

/**
 * What went wrong, in the four parts that a person needs: what was tried, on what, why it failed and what to do about it.
 *
 * @param tried what was being done, as a verb phrase that follows "cannot": {@code read the registry}
 * @param on what it was done to: a URL, a path, a name; empty when {@code tried} already says it
 * @param why the reason, without a closing full stop
 * @param advice what the reader can do, as a full sentence; empty when there is nothing to do
 */
public record Problem(String tried, String on, String why, String advice) {

    public static Problem of(String tried, Object on, String why, String advice) {
        return new Problem(tried, on.toString(), why, advice);
    }

    /** Returns one line: {@code Cannot <tried> <on>: <why>. <advice>}. */
    public String sentence() {
        String subject = on.isEmpty() ? tried : tried + " " + on;
        String stop = why.endsWith(".") ? " " : ". "; // What others say may have one already.
        String end = advice.isEmpty() ? "" : stop + advice;
        String colon = subject.endsWith(":") ? " " : ": "; // A URL such as log: has one already.
        return "Cannot " + subject + colon + why + end;
    }
}
