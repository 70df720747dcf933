package dewy.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExceptionTextTest {
    static Stream<Arguments> failures() {
        IOException root = new IOException("the key file is not there");
        IOException suppressing = new IOException("it does not answer");
        suppressing.addSuppressed(new IllegalStateException("not closed either", root));
        return Stream.of(
                Arguments.of(root, "the key file is not there"),
                Arguments.of(new InvocationTargetException(root), "the key file is not there"),
                Arguments.of(new IllegalStateException(root), "the key file is not there"),
                Arguments.of(
                        new InvocationTargetException(new IllegalStateException("cannot read the settings", root)),
                        "cannot read the settings: the key file is not there"),
                Arguments.of(
                        new IllegalStateException("no key: " + root.getMessage(), root),
                        "no key: " + root.getMessage()),
                Arguments.of(new NoSuchFileException("/etc/key"), "NoSuchFileException: /etc/key"),
                Arguments.of(new IllegalStateException(new NullPointerException()), "NullPointerException"),
                Arguments.of(new IOException("two\n  lines"), "two lines"),
                Arguments.of(new ExceptionInInitializerError(root), "the key file is not there"),
                Arguments.of(suppressing, "it does not answer"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isToldInTheWordsOfItsCauses(Throwable thrown, String words) {
        assertThat(ExceptionText.words(thrown)).isEqualTo(words);
    }
}
