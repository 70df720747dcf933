package dewy.core.verify;

/** A signature is none of an artifact by a key; the message says why, as a clause. */
final class NotSignedException extends Exception {
    private static final long serialVersionUID = 1L;

    NotSignedException(String why) {
        super(why);
    }

    NotSignedException(String why, Throwable cause) {
        super(why, cause);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
