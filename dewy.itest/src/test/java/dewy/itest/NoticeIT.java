package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What the jar says of the work of others that it holds. */
class NoticeIT {
    private static final Pattern BUNDLE = Pattern.compile("bundles/(?!dewy\\.)([^/]+)(\\.jar|/content)");
    private static final Pattern INLINED = Pattern.compile("@([a-z0-9.-]+)-\\*\\.jar");

    @Test
    void namesEveryBundleOfOthers() throws IOException {
        List<String> bundles = entries().stream()
                .map(BUNDLE::matcher)
                .flatMap(match -> match.results())
                .map(match -> match.group(1))
                .toList();
        assertThat(bundles).hasSizeGreaterThan(12).allSatisfy(NoticeIT::isNamed);
    }

    @Test
    void namesEveryLibraryThatIsPartOfABundle() throws IOException {
        StringBuilder instructions = new StringBuilder();
        Path root = Path.of(System.getProperty("dewy.root"));
        try (Stream<Path> modules = Files.list(root)) {
            for (Path file : modules.map(module -> module.resolve("bnd.bnd"))
                    .filter(Files::isRegularFile)
                    .toList()) {
                instructions.append(Files.readString(file));
            }
        }
        List<String> libraries = INLINED.matcher(instructions)
                .results()
                .map((MatchResult match) -> match.group(1))
                .distinct()
                .toList();
        assertThat(libraries).hasSizeGreaterThan(5).allSatisfy(NoticeIT::isNamed);
    }

    @Test
    void holdsTheLicense() throws IOException {
        assertThat(read("META-INF/LICENSE")).contains("Apache License");
    }

    private static void isNamed(String library) throws IOException {
        assertThat(read("META-INF/NOTICE")).containsPattern("\\b" + Pattern.quote(library) + "\\b");
    }

    private static List<String> entries() throws IOException {
        try (ZipFile jar = new ZipFile(AgentProcess.jar().toFile())) {
            return jar.stream().map(ZipEntry::getName).toList();
        }
    }

    private static String read(String name) throws IOException {
        try (ZipFile jar = new ZipFile(AgentProcess.jar().toFile());
                InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
