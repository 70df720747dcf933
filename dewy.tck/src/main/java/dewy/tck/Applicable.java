package dewy.tck;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/** Tests that not every plugin of a kind is subject to: where one is not, there is no such test. */
final class Applicable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Applicable() {}

    /** Returns the test if it applies. */
    static Stream<DynamicTest> when(boolean applies, String name, Executable test) {
        return applies ? Stream.of(dynamicTest(name, () -> assertTimeoutPreemptively(LIMIT, test))) : Stream.empty();
    }
}
