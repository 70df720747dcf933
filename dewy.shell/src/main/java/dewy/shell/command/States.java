package dewy.shell.command;

import dewy.api.control.AppState;
import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;
import dewy.api.control.PluginStatus;
import dewy.api.runtime.RuntimeStatus;
import dewy.view.Words;
import java.util.Optional;

/** States in the words and colours in which people read them. */
final class States {
    private States() {}

    static String state(AppStatus app, Viewer viewer) {
        String paused = (app.paused() && app.state() != AppState.PAUSED ? ", paused" : "") + traffic(app);
        if (!app.missing().isEmpty()) {
            return viewer.bad("degraded" + paused);
        }
        String state = Words.of(app.state()) + paused;
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
        String state = Words.of(runtime.get().state());
        return switch (runtime.get().state()) {
            case RUNNING -> viewer.good(state);
            case FAILED -> viewer.bad(state);
            default -> viewer.doubtful(state);
        };
    }

    static String state(PluginStatus plugin, Viewer viewer) {
        String state = Words.of(plugin.state());
        return switch (plugin.state()) {
            case AVAILABLE -> state;
            case ACTIVE -> viewer.good(state);
            case STOPPED, DISABLED -> viewer.doubtful(state);
            case REFUSED -> viewer.bad(state);
        };
    }

    /** Returns whether something is done with an app now, so that its last check is an old one. */
    static boolean isBusy(AppStatus app) {
        return app.operation().isPresent();
    }

    static String outcome(CycleOutcome outcome, Viewer viewer) {
        String kind = Words.of(outcome.outcome());
        return switch (outcome.outcome()) {
            case FAILED -> viewer.bad(kind);
            case TRY_LATER, CANCELLED -> viewer.doubtful(kind);
            default -> viewer.good(kind);
        };
    }
}
