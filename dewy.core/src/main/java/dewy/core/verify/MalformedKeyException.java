package dewy.core.verify;

/** What was given as a public key is none; the message says why, as a clause. */
final class MalformedKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedKeyException(String why) {
        super(why);
    }

    MalformedKeyException(String why, Throwable cause) {
        super(why, cause);
    }
}
