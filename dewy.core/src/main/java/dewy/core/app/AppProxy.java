package dewy.core.app;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.control.ProxyStatus;
import dewy.api.proxy.Admission;
import dewy.api.proxy.Proxy;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.route.ProxyRouter;
import java.time.Duration;
import java.util.Optional;

/** What people may ask of the proxy of an app, and have it do. It waits for nothing else that the app does. Safe for use by several threads. */
public final class AppProxy {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String app;
    private final Optional<ProxyRouter> router;
    private final EventScope events;
    private final Passes passes;

    AppProxy(AppParts parts, Passes passes) {
        this.app = parts.spec().name();
        this.router = parts.plugins().router();
        this.events = parts.events();
        this.passes = passes;
    }

    /** Returns what it does with what arrives; empty where there is none. */
    Optional<Admission.Mode> admission() {
        return router.flatMap(found -> found.slot().current())
                .map(proxy -> proxy.admission().mode());
    }

    public ProxyStatus status() throws DewyException {
        ProxyRouter found = required();
        String scheme = found.slot().name();
        try (CancellableCall call = passes.call(LIMIT, events)) {
            return found.ask(call, proxy -> status(call, scheme, proxy));
        }
    }

    private ProxyStatus status(CancellableCall call, String scheme, Proxy proxy) throws DewyException {
        return new ProxyStatus(
                app, scheme, proxy.admission(), proxy.listeners(), proxy.hosts(), proxy.statistics(call));
    }

    /** Has it serve, hold or refuse what arrives. */
    public void admit(Admission admission, String actor) throws DewyException {
        ProxyRouter found = required();
        try (CancellableCall call = passes.call(LIMIT, events)) {
            found.<Boolean>ask(call, proxy -> {
                proxy.admit(call, admission);
                return true;
            });
        }
        events.during("", "command", actor).publish(kind(admission.mode()), actor);
    }

    /** Has what it accepted be answered, and nothing more be accepted. Where that fails, what is left is cut with its end. */
    void finish(Duration limit) {
        Optional<ProxyRouter> open = router.filter(found -> found.slot().isFilled());
        try (CancellableCall call = passes.call(limit.plus(LIMIT), events)) {
            if (open.isPresent()) {
                open.get().slot().<Boolean>use(call, proxy -> {
                    proxy.finish(call, limit);
                    return true;
                });
            }
        } catch (DewyException e) {
            events.publish(EventKind.HOUSEKEEPING_FAILED, e.problem().sentence());
        }
    }

    private static EventKind kind(Admission.Mode mode) {
        return switch (mode) {
            case SERVE -> EventKind.TRAFFIC_RESUMED;
            case PAUSE -> EventKind.TRAFFIC_PAUSED;
            case MAINTENANCE -> EventKind.TRAFFIC_REFUSED;
        };
    }

    private ProxyRouter required() throws InvalidException {
        return router.orElseThrow(() -> new InvalidException(new Problem(
                "ask the proxy of", app, "the app has none: clients connect to its server", "Give it one by --proxy")));
    }
}
