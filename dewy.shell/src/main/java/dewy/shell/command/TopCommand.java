package dewy.shell.command;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.DeployedRelease;
import dewy.api.runtime.RuntimeStatus;
import dewy.shell.command.UsageMeter.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class TopCommand implements Command {
    private final Host host;

    TopCommand(Host host) {
        this.host = host;
    }

    @Override
    public String name() {
        return "top";
    }

    @Override
    public String takes() {
        return "";
    }

    @Override
    public String summary() {
        return "Show how all apps are doing and what they use, anew each second on a terminal";
    }

    @Override
    public String details() {
        return """
                CPU is that of all processes of a server since the last look, at first since they were started; 100%
                is one processor. MEM is their resident memory, which counts what they share in each of them.
                """;
    }

    @Override
    public Optional<Live> live(Agent agent, Arguments arguments, Viewer viewer) {
        if (arguments.json() || !viewer.window().terminal()) {
            return Optional.empty();
        }
        UsageMeter meter = meter();
        return Optional.of(new Redrawn(now -> look(agent, now, meter), viewer, host.clock()));
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException {
        return look(agent, viewer, meter());
    }

    private UsageMeter meter() {
        return new UsageMeter(new ProcessGroups(host.processes()));
    }

    private static Reply look(Agent agent, Viewer viewer, UsageMeter meter) throws DewyException {
        List<AppStatus> apps = ChosenApp.all(agent);
        if (apps.isEmpty()) {
            return Reply.of("The agent has no apps.\n", List.of());
        }
        Map<Long, Usage> usages =
                meter.measure(apps.stream().flatMap(TopCommand::groups).collect(Collectors.toSet()));
        Table table = new Table("APP", "STATE", "VERSION", "RUNTIME", "GEN", "PID", "UP", "CPU", "MEM", "LAST", "NEXT");
        for (AppStatus app : apps) {
            table.row(cells(app, usages, viewer));
        }
        return Reply.of(
                table.toString(),
                apps.stream().map(app -> view(app, usages, viewer)).toList());
    }

    private static String[] cells(AppStatus app, Map<Long, Usage> usages, Viewer viewer) {
        List<Usage> used = used(app, usages);
        boolean isUp = isUp(app);
        return new String[] {
            app.name(),
            States.state(app, viewer),
            app.current().map(DeployedRelease::version).orElse("-"),
            States.runtime(app.runtime(), viewer),
            app.runtime().map(runtime -> Long.toString(runtime.generation())).orElse("-"),
            isUp
                    ? app.runtime()
                            .map(runtime -> String.join(" ", runtime.instances()))
                            .orElse("-")
                    : "-",
            isUp ? app.runtime().map(runtime -> viewer.age(runtime.since())).orElse("-") : "-",
            used.isEmpty() ? "-" : String.format(Locale.ROOT, "%.1f%%", cpu(used)),
            used.isEmpty() ? "-" : (resident(used) >> 20) + "M",
            app.last().map(last -> States.outcome(last, viewer)).orElse("-"),
            app.next().map(viewer::relative).orElse("now")
        };
    }

    /** An app, with what it uses where that is known. */
    private record Shown(
            @JsonUnwrapped AppStatus app,
            OptionalLong uptimeSeconds,
            OptionalDouble cpuPercent,
            OptionalLong memoryBytes) {}

    private static Shown view(AppStatus app, Map<Long, Usage> usages, Viewer viewer) {
        List<Usage> used = used(app, usages);
        boolean isKnown = !used.isEmpty();
        return new Shown(
                app,
                app.runtime()
                        .filter(runtime -> isUp(app))
                        .map(runtime -> Duration.between(runtime.since(), viewer.now()))
                        .map(uptime -> OptionalLong.of(uptime.toSeconds()))
                        .orElse(OptionalLong.empty()),
                isKnown ? OptionalDouble.of(cpu(used)) : OptionalDouble.empty(),
                isKnown ? OptionalLong.of(resident(used)) : OptionalLong.empty());
    }

    private static boolean isUp(AppStatus app) {
        return app.runtime()
                .filter(runtime -> runtime.state() == RuntimeStatus.State.RUNNING)
                .isPresent();
    }

    private static List<Usage> used(AppStatus app, Map<Long, Usage> usages) {
        Set<Long> groups = groups(app).collect(Collectors.toSet());
        return usages.entrySet().stream()
                .filter(entry -> groups.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static double cpu(List<Usage> used) {
        return used.stream().mapToDouble(Usage::cpuPercent).sum();
    }

    private static long resident(List<Usage> used) {
        return used.stream().mapToLong(Usage::residentBytes).sum();
    }

    /** Names of anything but processes of this host are of no use here. */
    private static Stream<Long> groups(AppStatus app) {
        return app.runtime().stream()
                .flatMap(runtime -> runtime.instances().stream())
                .filter(instance -> instance.matches("\\d{1,10}"))
                .map(Long::valueOf);
    }
}
