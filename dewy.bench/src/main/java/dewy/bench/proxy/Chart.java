package dewy.bench.proxy;

import dewy.bench.proxy.Comparison.Ratio;
import dewy.bench.proxy.Load.Run;
import java.util.List;
import java.util.Locale;

/** Draws ratios as bars from the line where both are equal, with the spread of the pairs over them. */
final class Chart {
    private static final int LABEL = 330;
    private static final int WIDTH = 560;
    private static final int ROW = 18;
    private static final int TOP = 48;
    /** The scale is logarithmic, so that twice and half are as far from equal. */
    private static final double MOST = 8;

    private static final double[] MARKS = {0.125, 0.25, 0.5, 1, 2, 4, 8};

    private Chart() {}

    static String of(List<Comparison> comparisons) {
        List<Comparison> known = comparisons.stream()
                .filter(one -> one.ratio(Run::requests).isKnown())
                .toList();
        int height = TOP + ROW * known.size() + 12;
        StringBuilder svg = new StringBuilder();
        add(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\"", LABEL + WIDTH + 40, height);
        add(
                svg,
                " font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n");
        add(
                svg,
                "<text x=\"%d\" y=\"16\" font-size=\"13\">Requests a second, as a multiple of what others answer</text>\n",
                LABEL);
        for (double mark : MARKS) {
            add(
                    svg,
                    "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"38\" y2=\"%2$d\" stroke=\"%3$s\"/>\n",
                    x(mark),
                    height - 8,
                    mark == 1 ? "#000" : "#ddd");
            add(svg, "<text x=\"%.1f\" y=\"33\" text-anchor=\"middle\">%s</text>\n", x(mark), number(mark));
        }
        for (int i = 0; i < known.size(); i++) {
            bar(svg, known.get(i), TOP + i * ROW);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void bar(StringBuilder svg, Comparison one, int y) {
        Ratio ratio = one.ratio(Run::requests);
        double from = Math.min(x(1), x(ratio.middle()));
        double width = Math.abs(x(ratio.middle()) - x(1));
        String colour = ratio.middle() >= 1 ? "#4a8" : "#d75";
        add(
                svg,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s: %s</text>\n",
                LABEL - 8,
                y + 11,
                one.what(),
                one.title());
        add(
                svg,
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
                from,
                y + 2,
                width,
                ROW - 6,
                colour);
        add(
                svg,
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%3$d\" y2=\"%3$d\" stroke=\"#222\"/>\n",
                x(ratio.least()),
                x(ratio.most()),
                y + ROW / 2 - 1);
        add(svg, "<text x=\"%d\" y=\"%d\">%.2f</text>\n", LABEL + WIDTH + 6, y + 11, ratio.middle());
    }

    private static double x(double ratio) {
        double bounded = Math.max(1 / MOST, Math.min(MOST, ratio));
        return LABEL + WIDTH * (Math.log(bounded) / Math.log(MOST) + 1) / 2;
    }

    private static String number(double mark) {
        return mark < 1 ? "1/" + Math.round(1 / mark) : "" + Math.round(mark);
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
