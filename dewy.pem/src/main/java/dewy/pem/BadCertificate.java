package dewy.pem;

import java.nio.file.Path;

/** A certificate or its key cannot be used. */
public final class BadCertificate extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Path file;
    private final String advice;

    public BadCertificate(Path file, String why, String advice) {
        super(why);
        this.file = file;
        this.advice = advice;
    }

    /** Returns which file is wrong. */
    public Path file() {
        return file;
    }

    /** Returns why. */
    public String why() {
        return String.valueOf(getMessage());
    }

    /** Returns what to do about it. */
    public String advice() {
        return advice;
    }
}
