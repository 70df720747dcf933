package dewy.proxy.tls;

import dewy.proxy.traffic.Notice;
import java.nio.file.Path;

/** A certificate or its key cannot be used. */
public final class BadCertificate extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Path file;
    private final String advice;

    BadCertificate(Path file, String why, String advice) {
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

    /** Returns that it is not used, and the one before is. */
    public Notice notice() {
        return Notice.warning("proxy.certificate_refused", "New certificate cannot be used, the one before is")
                .with("path", file)
                .with("why", why())
                .with("advice", advice);
    }

    /** Returns what to do about it. */
    public String advice() {
        return advice;
    }
}
