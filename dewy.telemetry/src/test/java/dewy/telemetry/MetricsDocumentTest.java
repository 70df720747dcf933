package dewy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsDocumentTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (?!target_info)(\\S+) (\\S+)$");
    private static final Pattern HELP = Pattern.compile("(?m)^# HELP (?!target_info)\\S+ (.+)$");
    private static final Pattern NAMED = Pattern.compile("\\b(?:dewy|jvm)_[a-z0-9_]+");
    private static final Map<String, String> UNITS = Map.of("s", "seconds", "By", "bytes");

    @Test
    void listsEveryMetricAsPrometheusShowsIt() throws IOException {
        List<String> rows = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            rows.add(row(metric));
        }
        assertThat(Files.readString(DOCS.resolve("metrics.md"))
                        .lines()
                        .filter(line -> line.matches("\\| `(dewy|jvm)_.*")))
                .containsExactlyElementsOf(rows);
    }

    @Test
    void dashboardAndAlertsAskForWhatThereIs() throws IOException {
        TreeSet<String> known = new TreeSet<>();
        for (Metric metric : Metric.values()) {
            String name = find(TYPE, of(metric)).group(1);
            known.add(name);
            known.addAll(metric.labels());
            if (metric.type() == Metric.Type.HISTOGRAM) {
                known.addAll(List.of(name + "_sum", name + "_count", name + "_bucket"));
            }
        }
        for (String file : List.of("metrics/alerts.yml", "metrics/grafana.json")) {
            assertThat(NAMED.matcher(Files.readString(DOCS.resolve(file)))
                            .results()
                            .map(MatchResult::group))
                    .as(file)
                    .hasSizeGreaterThan(5)
                    .isSubsetOf(known);
        }
    }

    private static String row(Metric metric) throws IOException {
        String text = of(metric);
        MatchResult type = find(TYPE, text);
        String labels = metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
        return "| `" + type.group(1) + "` | " + type.group(2) + " | " + labels + " | "
                + UNITS.getOrDefault(metric.unit(), "") + " | "
                + find(HELP, text).group(1) + " |";
    }

    private static String of(Metric metric) throws IOException {
        Points points = new Points();
        String[] labels = metric.labels().toArray(String[]::new);
        if (metric.type() == Metric.Type.HISTOGRAM) {
            points.add(metric, new Distribution(metric.boundaries()), labels);
        } else {
            points.add(metric, 1, labels);
        }
        return Reading.of(points);
    }

    private static MatchResult find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.toMatchResult();
    }
}
