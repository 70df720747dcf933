package dewy.shell.command;

import dewy.api.control.AppState;
import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Operation;
import dewy.api.control.PluginStatus;
import dewy.api.runtime.RuntimeStatus;
import java.util.Locale;
import java.util.Optional;

/** States in the words that people read. */
final class Words {
    private static final int PERCENT = 100;
    private static final double MEBIBYTE = 1 << 20;

    private Words() {}

    static String of(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String state(AppStatus app, Viewer viewer) {
        String paused = (app.paused() && app.state() != AppState.PAUSED ? ", paused" : "") + traffic(app);
        if (!app.missing().isEmpty()) {
            return viewer.bad("degraded" + paused);
        }
        String state = of(app.state()) + paused;
        if (app.runtime()
                .filter(runtime -> runtime.state() == RuntimeStatus.State.FAILED)
                .isPresent()) {
            return viewer.bad(state + ", down");
        }
        return app.failures() > 0 ? viewer.doubtful(state + ", failing") : viewer.good(state);
    }

    /** Returns what is to be said beside the state of an app whose requests are not served. */
    private static String traffic(AppStatus app) {
        return app.admission()
                .map(mode -> switch (mode) {
                    case SERVE -> "";
                    case PAUSE -> ", traffic paused";
                    case MAINTENANCE -> ", maintenance";
                })
                .orElse("");
    }

    /** Returns when the registry is asked next. */
    static String next(AppStatus app, Viewer viewer) {
        return app.next().map(viewer::relative).orElse(app.paused() ? "when resumed" : "now");
    }

    static String runtime(Optional<RuntimeStatus> runtime, Viewer viewer) {
        if (runtime.isEmpty()) {
            return "-";
        }
        String state = of(runtime.get().state());
        return switch (runtime.get().state()) {
            case RUNNING -> viewer.good(state);
            case FAILED -> viewer.bad(state);
            default -> viewer.doubtful(state);
        };
    }

    static String state(PluginStatus plugin, Viewer viewer) {
        String state = of(plugin.state());
        return switch (plugin.state()) {
            case AVAILABLE -> state;
            case ACTIVE -> viewer.good(state);
            case STOPPED, DISABLED -> viewer.doubtful(state);
            case REFUSED -> viewer.bad(state);
        };
    }

    /** Returns what an operation is about. */
    static String task(Operation operation) {
        String version = operation.version().map(tag -> " (" + tag + ")").orElse("");
        return of(operation.what()).replace('-', ' ') + " of " + operation.on() + version + " by " + operation.actor();
    }

    /** Returns how far an operation is that goes on. */
    static String progress(Operation operation, Viewer viewer) {
        return operation.step() + " for " + viewer.age(operation.since())
                + operation.progress().map(part -> ": " + progress(part)).orElse("");
    }

    private static String progress(Operation.Progress part) {
        if (part.total().isEmpty() || part.total().getAsLong() == 0) {
            return part.what() + " " + mebibytes(part.done()) + " MiB";
        }
        long total = part.total().getAsLong();
        return part.what() + " " + part.done() * PERCENT / total + "% (" + mebibytes(part.done()) + " of "
                + mebibytes(total) + " MiB)";
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / MEBIBYTE);
    }

    /** Returns whether something is done with an app now, so that its last check is an old one. */
    static boolean isBusy(AppStatus app) {
        return app.operation().isPresent();
    }

    static String outcome(CycleOutcome outcome, Viewer viewer) {
        String kind = of(outcome.outcome());
        return switch (outcome.outcome()) {
            case FAILED -> viewer.bad(kind);
            case TRY_LATER, CANCELLED -> viewer.doubtful(kind);
            default -> viewer.good(kind);
        };
    }
}
