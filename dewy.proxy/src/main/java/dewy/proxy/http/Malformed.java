package dewy.proxy.http;

/** A message that is not to be passed on: what is wrong with it, and the status that says so to a client. */
final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    Malformed(int status, String why) {
        super(why, null, false, false);
        this.status = status;
    }

    Malformed(String why) {
        this(400, why);
    }

    int status() {
        return status;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
