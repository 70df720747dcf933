package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What lines are expected to be, in a file that is written anew with {@code -Dgolden.update=true}. */
record GoldenFile(Path file) {
    static GoldenFile of(String name) {
        return new GoldenFile(Path.of(System.getProperty("dewy.root"), "dewy.itest/src/test/resources/golden", name)
                .normalize());
    }

    void compare(List<String> actual) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(file.getParent());
            Files.write(file, actual);
            return;
        }
        assertThat(actual).as(file.toString()).containsExactlyElementsOf(Files.readAllLines(file));
    }
}
