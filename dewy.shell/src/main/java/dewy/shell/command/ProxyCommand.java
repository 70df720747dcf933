package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.ProxyStatus;
import dewy.api.proxy.Admission;
import dewy.api.proxy.Latency;
import dewy.api.proxy.ProxyStatistics.OfBackend;
import dewy.api.route.Listener;
import dewy.view.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

final class ProxyCommand implements Command {
    private static final double NANOS_A_MILLI = 1e6;

    @Override
    public String name() {
        return "proxy";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "Show the proxy of an app, or of all: where it listens, and what passed to each server";
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        List<ProxyStatus> all = new ArrayList<>();
        if (arguments.name().isPresent()) {
            all.add(agent.proxy(ChosenApp.of(name(), agent, arguments.name()).name()));
        } else {
            for (AppStatus app : ChosenApp.all(agent)) {
                if (app.admission().isPresent()) {
                    all.add(agent.proxy(app.name()));
                }
            }
        }
        String text = all.stream().map(one -> text(one, viewer)).collect(Collectors.joining("\n"));
        return Reply.of(
                all.isEmpty() ? "No app of the agent has a proxy.\n" : text,
                all.stream().map(ProxyCommand::view).toList());
    }

    private static String text(ProxyStatus proxy, Viewer viewer) {
        StringBuilder text = new StringBuilder();
        line(text, "App", proxy.app() + " (" + proxy.proxy() + ")");
        line(text, "Traffic", state(proxy.admission().mode(), viewer));
        line(text, "Listens at", addresses(proxy));
        line(text, "Answers to", proxy.hosts().isEmpty() ? "everything" : String.join(", ", proxy.hosts()));
        line(
                text,
                "Passed",
                proxy.statistics().requests() + ", " + proxy.statistics().failed() + " failed");
        Table table =
                new Table("BACKEND", "VERSION", "WEIGHT", "STATE", "IN FLIGHT", "SERVED", "ERRORS", "P50 ms", "P99 ms");
        proxy.statistics().backends().forEach(backend -> table.row(cells(backend, viewer)));
        return text.append(table).toString();
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append(String.format("%-12s%s\n", label, value));
    }

    private static String addresses(ProxyStatus proxy) {
        return proxy.listeners().stream()
                .map(Listener::address)
                .map(Object::toString)
                .collect(Collectors.joining(", "));
    }

    private static String[] cells(OfBackend backend, Viewer viewer) {
        String state = Words.of(backend.state());
        return new String[] {
            backend.backend(),
            backend.version().isEmpty() ? "-" : backend.version(),
            Integer.toString(backend.weight()),
            switch (backend.state()) {
                case HEALTHY -> viewer.good(state);
                case EJECTED -> viewer.bad(state);
                case DRAINING -> viewer.doubtful(state);
            },
            Long.toString(backend.active()),
            Long.toString(backend.requests()),
            Long.toString(backend.errors()),
            millis(backend.latency(), 0.5),
            millis(backend.latency(), 0.99)
        };
    }

    static String state(Admission.Mode mode, Viewer viewer) {
        return switch (mode) {
            case SERVE -> viewer.good("served");
            case PAUSE -> viewer.doubtful("paused");
            case MAINTENANCE -> viewer.doubtful("maintenance");
        };
    }

    private static String millis(Latency latency, double share) {
        return latency.count() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", inMillis(latency.quantile(share)));
    }

    private static double inMillis(Duration time) {
        return time.toNanos() / NANOS_A_MILLI;
    }

    private static Map<String, Object> view(ProxyStatus proxy) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("app", proxy.app());
        view.put("proxy", proxy.proxy());
        view.put("traffic", Words.of(proxy.admission().mode()));
        view.put(
                "listeners",
                proxy.listeners().stream()
                        .map(listener -> Map.of(
                                "name", listener.name(),
                                "address", listener.address().toString()))
                        .toList());
        view.put("hosts", proxy.hosts());
        view.put("requests", proxy.statistics().requests());
        view.put("failed", proxy.statistics().failed());
        view.put(
                "backends",
                proxy.statistics().backends().stream().map(ProxyCommand::view).toList());
        return view;
    }

    private static Map<String, Object> view(OfBackend backend) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("backend", backend.backend());
        view.put("version", backend.version());
        view.put("weight", backend.weight());
        view.put("state", Words.of(backend.state()));
        view.put("active", backend.active());
        view.put("requests", backend.requests());
        view.put("errors", backend.errors());
        if (backend.latency().count() > 0) {
            view.put("p50Millis", inMillis(backend.latency().quantile(0.5)));
            view.put("p99Millis", inMillis(backend.latency().quantile(0.99)));
        }
        return view;
    }
}
