package dewy.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.DewyException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A failure as the contracts demand it: of the right type, saying what was tried and why it failed, and no secret. */
final class TypedFailure {
    private TypedFailure() {}

    /** Returns how an action failed, which must be in that way. */
    static <E extends DewyException> E of(ThrowingCallable action, Class<E> type, List<String> secrets) {
        return check(catchThrowable(action), type, secrets);
    }

    /** Returns a failure, once it was found to be as demanded. */
    static <E extends DewyException> E check(Throwable failure, Class<E> type, List<String> secrets) {
        assertThat(failure).as("the failure").isInstanceOf(type);
        E typed = type.cast(failure);
        assertThat(typed.problem().tried()).as("what was tried").isNotBlank();
        assertThat(typed.problem().why()).as("why it failed").isNotBlank();
        assertShows(typed, secrets);
        return typed;
    }

    private static void assertShows(Throwable failure, List<String> secrets) {
        StringWriter everything = new StringWriter();
        failure.printStackTrace(new PrintWriter(everything));
        for (String secret : secrets) {
            assertThat(everything.toString().contains(secret))
                    .as("%s shows a secret in what it or its cause says", failure.getClass())
                    .isFalse();
        }
    }
}
