package dewy.core.journal;

/**
 * Why a deployment ended without its release.
 *
 * @param error for people
 * @param cancelled whether somebody wanted it to end
 */
public record Ending(String error, boolean cancelled) {
    public static Ending failed(String error) {
        return new Ending(error, false);
    }

    public static Ending cancelled(String by) {
        return new Ending("it was cancelled by " + by, true);
    }
}
