package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.proxy.ProxyStatistics.OfBackend;
import dewy.api.runtime.ReplicaStatus;
import dewy.view.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Lists the containers of an app, or of all, with what their proxy has in flight to each. */
final class ContainersCommand implements Command {
    private static final int SHORT_ID = 12;

    /** A container, and what is in flight to it, where that is known. */
    private record Row(String app, ReplicaStatus replica, Optional<Long> inFlight) {}

    @Override
    public String name() {
        return "containers";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "List the containers of an app, or of all";
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        List<Row> rows = new ArrayList<>();
        if (arguments.name().isPresent()) {
            rows.addAll(rows(agent, ChosenApp.of(name(), agent, arguments.name())));
        } else {
            for (AppStatus app : ChosenApp.all(agent)) {
                if ("container".equals(app.command())) {
                    rows.addAll(rows(agent, app));
                }
            }
        }
        return Reply.of(
                rows.isEmpty() ? "There are no containers.\n" : table(rows, viewer),
                rows.stream().map(ContainersCommand::view).toList());
    }

    private static List<Row> rows(Agent agent, AppStatus app) throws DewyException {
        List<ReplicaStatus> replicas = agent.replicas(app.name());
        Map<String, Long> inFlight = new HashMap<>();
        if (app.admission().isPresent()) {
            for (OfBackend backend : agent.proxy(app.name()).statistics().backends()) {
                inFlight.put(backend.backend(), backend.active());
            }
        }
        return replicas.stream()
                .map(one -> new Row(app.name(), one, Optional.ofNullable(inFlight.get(one.name()))))
                .toList();
    }

    private static String table(List<Row> rows, Viewer viewer) {
        Table table = new Table(
                "APP",
                "NAME",
                "ID",
                "VERSION",
                "STATUS",
                "HEALTH",
                "UPSTREAM",
                "IN FLIGHT",
                "RESTARTS",
                "STARTED",
                "IMAGE");
        rows.forEach(row -> table.row(cells(row, viewer)));
        return table.toString();
    }

    private static String[] cells(Row row, Viewer viewer) {
        ReplicaStatus replica = row.replica();
        return new String[] {
            row.app(),
            replica.name(),
            replica.id().substring(0, Math.min(SHORT_ID, replica.id().length())),
            replica.version(),
            state(replica.state(), viewer),
            replica.health().orElse("-"),
            replica.addresses().isEmpty()
                    ? "-"
                    : String.join(", ", addresses(replica).values()),
            row.inFlight().map(Object::toString).orElse("-"),
            Integer.toString(replica.restarts()),
            replica.started().map(viewer::relative).orElse("-"),
            replica.image()
        };
    }

    private static String state(ReplicaStatus.State state, Viewer viewer) {
        String words = Words.of(state);
        return switch (state) {
            case RUNNING -> viewer.good(words);
            case STARTING, DRAINING, KEPT -> viewer.doubtful(words);
            case UNHEALTHY, EXITED -> viewer.bad(words);
        };
    }

    /** Returns where it listens on this host, by its own port. */
    private static Map<String, String> addresses(ReplicaStatus replica) {
        return replica.addresses().entrySet().stream()
                .collect(Collectors.toMap(
                        port -> port.getKey().toString(),
                        port -> port.getValue().toString(),
                        (first, second) -> first,
                        LinkedHashMap::new));
    }

    private static Map<String, Object> view(Row row) {
        ReplicaStatus replica = row.replica();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("app", row.app());
        view.put("name", replica.name());
        view.put("id", replica.id());
        view.put("version", replica.version());
        view.put("image", replica.image());
        view.put("state", Words.of(replica.state()));
        replica.health().ifPresent(health -> view.put("health", health));
        view.put("addresses", addresses(replica));
        row.inFlight().ifPresent(count -> view.put("in_flight", count));
        view.put("restarts", replica.restarts());
        replica.started().map(Instant::toString).ifPresent(time -> view.put("started", time));
        return view;
    }
}
