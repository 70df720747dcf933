package dewy.bench.proxy;

import dewy.bench.proxy.Load.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The built-in proxy and another one in one case, measured in turns. */
final class Comparison {
    private static final int WARM_UP_SECONDS = 1;

    private final Case what;
    private final String title;
    private final List<Run> own = new ArrayList<>();
    private final List<Run> others = new ArrayList<>();

    private Comparison(Case what, String title) {
        this.what = what;
        this.title = title;
    }

    /**
     * What the built-in proxy has in the runs of a pair, as a multiple of what the other one has.
     *
     * @param least of all pairs
     * @param middle the median of them
     * @param most of all pairs
     */
    record Ratio(double least, double middle, double most) {
        /** Returns whether something was answered in all runs. */
        boolean isKnown() {
            return Double.isFinite(least) && Double.isFinite(most);
        }

        static Ratio of(double[] sorted) {
            return new Ratio(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
        }
    }

    /** Measures both, one after the other, as often as is asked, after a run of each that does not count. */
    static Comparison measure(Load load, Case what, Contender first, Contender second, int pairs, int seconds)
            throws Exception {
        Comparison comparison = new Comparison(what, second.title());
        Run unused = load.run(first, what, WARM_UP_SECONDS);
        unused = load.run(second, what, WARM_UP_SECONDS);
        for (int i = 0; i < pairs; i++) {
            comparison.own.add(load.run(first, what, seconds));
            comparison.others.add(load.run(second, what, seconds));
        }
        return comparison;
    }

    /** Returns about how long that takes. */
    static long seconds(int pairs, int seconds) {
        return 2L * (WARM_UP_SECONDS + (long) pairs * seconds);
    }

    Case what() {
        return what;
    }

    /** Returns which one it is compared with. */
    String title() {
        return title;
    }

    Ratio ratio(ToDoubleFunction<Run> figure) {
        double[] ratios = new double[own.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = figure.applyAsDouble(own.get(i)) / figure.applyAsDouble(others.get(i));
        }
        Arrays.sort(ratios);
        return Ratio.of(ratios);
    }

    double own(ToDoubleFunction<Run> figure) {
        return median(own, figure);
    }

    double other(ToDoubleFunction<Run> figure) {
        return median(others, figure);
    }

    long errors() {
        return own.stream().mapToLong(Run::errors).sum();
    }

    long errorsOfTheOther() {
        return others.stream().mapToLong(Run::errors).sum();
    }

    private static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
        return runs.stream().mapToDouble(figure).sorted().toArray()[runs.size() / 2];
    }
}
