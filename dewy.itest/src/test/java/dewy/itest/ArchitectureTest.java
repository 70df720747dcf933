package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is written for readers of the code names what is there. */
class ArchitectureTest {
    private static final Path PROJECT = Path.of("..");
    /** A class in backquotes, with packages before it or a member behind. */
    private static final Pattern CLASS = Pattern.compile("`(?:[a-z]+\\.)*([A-Z][A-Za-z]+)(?:\\.(\\w+))?(?:\\(\\))?`");

    private static final Pattern MODULE_ROW = Pattern.compile("(?m)^\\| `(dewy\\.[a-z0-9.]+)` \\|");
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    private static final Pattern PROFILE_WITHOUT_TESTS =
            Pattern.compile("(?s)<profile>(?:(?!</profile>).)*<name>!maven\\.test\\.skip</name>.*?</profile>");

    /** Classes of Java, and words of HTTP. */
    private static final List<String> NOT_OURS = List.of("IOException", "Range");

    @Test
    void namesClassesThatExist() throws IOException {
        Map<String, Path> sources = sources();
        TreeSet<String> missing = new TreeSet<>();
        for (Path document : documents()) {
            for (MatchResult named :
                    CLASS.matcher(Files.readString(document)).results().toList()) {
                if (!NOT_OURS.contains(named.group(1)) && !exists(sources, named)) {
                    missing.add(document.getFileName() + ": " + named.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void tellsOfEveryModule() throws IOException {
        assertThat(names(MODULE_ROW, "ARCHITECTURE.md")).isEqualTo(names(MODULE, "pom.xml"));
    }

    /** The script builds the jar without tests, so nothing that the launcher needs may ask for those of another module. */
    @Test
    void buildsTheLauncherWithoutTests() throws IOException {
        for (String module : names(MODULE, "pom.xml")) {
            String pom = Files.readString(PROJECT.resolve(module).resolve("pom.xml"));
            boolean isOfTheLauncher = !List.of("dewy.itest", "dewy.bench").contains(module);
            if (isOfTheLauncher && pom.contains("<type>test-jar</type>")) {
                String always = PROFILE_WITHOUT_TESTS.matcher(pom).replaceAll("");
                assertThat(always).as(module).doesNotContain("<type>test-jar</type>");
            }
        }
    }

    private static boolean exists(Map<String, Path> sources, MatchResult named) throws IOException {
        Path source = sources.get(named.group(1));
        return source != null
                && (named.group(2) == null || Files.readString(source).contains(named.group(2)));
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> decisions = Files.list(PROJECT.resolve("docs/decisions"))) {
            return Stream.concat(Stream.of(PROJECT.resolve("ARCHITECTURE.md")), decisions)
                    .toList();
        }
    }

    private static Map<String, Path> sources() throws IOException {
        Map<String, Path> sources = new TreeMap<>();
        for (String module : names(MODULE, "pom.xml")) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file ->
                                sources.put(file.getFileName().toString().replace(".java", ""), file));
            }
        }
        return sources;
    }

    private static Set<String> names(Pattern pattern, String file) throws IOException {
        return pattern.matcher(Files.readString(PROJECT.resolve(file)))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
