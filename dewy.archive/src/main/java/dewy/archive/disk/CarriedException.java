package dewy.archive.disk;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.IOException;
import java.util.Optional;

/** Carries a failure that is not the archive's fault through streams that pass only {@link IOException}. */
public final class CarriedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final DewyException failure;

    public CarriedException(DewyException failure) {
        super(failure);
        this.failure = failure;
    }

    /** Asks whether the call is still wanted, where only an {@link IOException} can say that it is not. */
    public static void check(Call call) throws CarriedException {
        try {
            call.check();
        } catch (DewyException over) {
            throw new CarriedException(over);
        }
    }

    /** Returns the failure that {@code thrown} carries, however deep a library has wrapped it. */
    public static Optional<DewyException> in(Throwable thrown) {
        Throwable cause = thrown;
        while (cause != null) {
            if (cause instanceof CarriedException carried) {
                return Optional.of(carried.failure);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
