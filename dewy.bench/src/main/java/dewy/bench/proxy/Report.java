package dewy.bench.proxy;

import dewy.bench.proxy.Comparison.Ratio;
import dewy.bench.proxy.Load.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured, as a page in Markdown. */
final class Report {
    private static final String HEADER =
            """
            # The built-in proxy beside others

            Each figure is a median, of the built-in proxy / of the other one; each ratio is the median of pairs of runs, with the \
            least and the most. Requests are better when there are more, all else when it is less.

            | case | beside | requests/s | ratio | MB/s | p50, ms | p99, ms | ratio | p99.9, ms | ratio | CPU a request, µs | ratio | RSS, MB | failed |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|---|
            """;

    private final StringBuilder idle = new StringBuilder();
    private final StringBuilder page = new StringBuilder(HEADER);

    /** Adds a line for a comparison, and returns it. */
    String add(Comparison one) {
        List<String> cells = new ArrayList<>();
        cells.add(one.what().toString());
        cells.add(one.title());
        cells.add(both("%.0f", one, Run::requests));
        cells.add(ratio(one.ratio(Run::requests)));
        cells.add(both("%.0f", one, Run::megabytes));
        cells.add(both("%.2f", one, Run::median));
        cells.add(both("%.2f", one, Run::percentile99));
        cells.add(ratio(one.ratio(Run::percentile99)));
        cells.add(both("%.2f", one, Run::percentile999));
        cells.add(ratio(one.ratio(Run::percentile999)));
        cells.add(both("%.0f", one, Run::processorMicros));
        cells.add(ratio(one.ratio(Run::processorMicros)));
        cells.add(both("%.0f", one, Run::residentMegabytes));
        cells.add(one.errors() + " / " + one.errorsOfTheOther());
        String line = "| " + String.join(" | ", cells) + " |";
        page.append(line).append('\n');
        return line;
    }

    /** Adds what all have resident while some connections are idle. */
    String addIdle(int connections, Map<String, Double> megabytes) {
        StringBuilder line = new StringBuilder("Resident with " + connections + " idle connections, MB:");
        megabytes.forEach((title, value) -> line.append(String.format(
                Locale.ROOT, "%s %s %.0f", line.charAt(line.length() - 1) == ':' ? "" : ",", title, value)));
        idle.append('\n').append(line).append(".\n");
        return line.toString();
    }

    /** Returns the beginning of it, which is the same in any case. */
    static String header() {
        return HEADER;
    }

    private static String both(String format, Comparison one, ToDoubleFunction<Run> figure) {
        return String.format(Locale.ROOT, format + " / " + format, one.own(figure), one.other(figure));
    }

    private static String ratio(Ratio ratio) {
        if (!ratio.isKnown()) {
            return "";
        }
        return String.format(Locale.ROOT, "**%.2f** (%.2f-%.2f)", ratio.middle(), ratio.least(), ratio.most());
    }

    @Override
    public String toString() {
        return page.toString() + idle;
    }
}
