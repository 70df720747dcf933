package dewy.proxy.plane;

/** A question that is wrong; nothing was done. */
final class WrongQuestion extends Exception {
    private static final long serialVersionUID = 1L;

    private final String on;
    private final String advice;

    WrongQuestion(String on, String why, String advice) {
        super(why);
        this.on = on;
        this.advice = advice;
    }

    /** Returns what is wrong. */
    String on() {
        return on;
    }

    String advice() {
        return advice;
    }
}
