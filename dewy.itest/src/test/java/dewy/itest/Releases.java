package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The release folders of an app; each release of a test has as many files as its file {@code count.txt} says. */
record Releases(Path app) {
    static Releases in(Path app) {
        return new Releases(app);
    }

    /** Asserts that what has the name of a release is whole, and that {@code current}, if it is there, is one of them. */
    void areComplete() throws IOException {
        Path current = app.resolve("current");
        if (Files.exists(current, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            assertThat(current).exists();
            assertThat(names()).contains(current.toRealPath().getFileName().toString());
        }
        for (String name : names()) {
            Path release = app.resolve("releases").resolve(name);
            Path count = release.resolve("count.txt");
            if (Files.exists(count)) {
                assertThat(files(release)).as(name).isEqualTo(Integer.parseInt(Files.readString(count)));
            }
        }
    }

    /** Asserts that nothing lies about that is not a release. */
    void areAllThereIs() throws IOException {
        try (Stream<Path> found = Files.list(app.resolve("releases"))) {
            assertThat(found.map(path -> path.getFileName().toString()))
                    .allMatch(name -> name.matches("\\d{8}T\\d{6}Z(-\\d+)?"));
        }
    }

    List<String> names() throws IOException {
        if (!Files.exists(app.resolve("releases"))) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(app.resolve("releases"))) {
            return found.map(path -> path.getFileName().toString())
                    .filter(name -> Character.isDigit(name.charAt(0)))
                    .toList();
        }
    }

    /** Waits for what no record of the log tells. */
    static void await(Await.Condition condition, Supplier<String> otherwise) {
        Await.until(otherwise, condition);
    }

    private static int files(Path release) throws IOException {
        try (Stream<Path> found = Files.list(release)) {
            return (int) found.count();
        }
    }
}
