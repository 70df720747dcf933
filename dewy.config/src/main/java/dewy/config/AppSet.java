package dewy.config;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.control.Agent;
import dewy.api.control.AppDefinition;
import dewy.api.process.ListeningAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The apps of a file that the agent runs. For one thread at a time. */
final class AppSet {
    private final Agent agent;
    private Map<String, AppDefinition> inForce = Map.of();

    AppSet(Agent agent) {
        this.agent = agent;
    }

    /**
     * Returns the apps of a text by name, each checked by the agent.
     *
     * @throws InvalidException naming all mistakes
     */
    static Map<String, AppDefinition> checked(Agent agent, Path file, String text) throws DewyException {
        Mistakes mistakes = new Mistakes(file);
        Map<String, AppDefinition> checked = new LinkedHashMap<>();
        Map<Path, WrittenApp> places = new HashMap<>();
        Map<ListeningAddress, WrittenApp> ports = new HashMap<>();
        for (WrittenApp app : YamlApps.parse(file, text, mistakes)) {
            WrittenApp other = places.putIfAbsent(app.directory(), app);
            if (other != null) {
                mistakes.add(
                        app.line(AppKeys.DIR),
                        app.place(AppKeys.DIR) + ": " + app.directory() + " is the directory of " + other.place()
                                + " already");
            }
            requireOwn(app, ports, mistakes);
            try {
                checked.put(agent.check(app.definition()), app.definition());
            } catch (InvalidException e) {
                e.mistakes().forEach(mistake -> add(mistakes, app, mistake));
            }
        }
        mistakes.report();
        return checked;
    }

    /** The servers of two apps would share out the connections between them; a proxy tells apart for whom each request is. */
    private static void requireOwn(WrittenApp app, Map<ListeningAddress, WrittenApp> taken, Mistakes mistakes) {
        for (ListeningAddress port : app.ports()) {
            WrittenApp other = taken.putIfAbsent(port, app);
            boolean proxied =
                    other != null && proxy(app).isPresent() && proxy(app).equals(proxy(other));
            if (other != null && !proxied && !other.name().equals(app.name())) {
                mistakes.add(
                        app.line(AppKeys.PORT),
                        app.place(AppKeys.PORT) + ": " + port + " is a port of " + other.place() + " already");
            }
        }
    }

    private static Optional<String> proxy(WrittenApp app) {
        return app.definition().options().getOrDefault("proxy", List.of()).stream()
                .filter(scheme -> !"none".equals(scheme))
                .findFirst();
    }

    private static void add(Mistakes mistakes, WrittenApp app, InvalidException.Mistake mistake) {
        if (app.lacksValue(mistake.name())) {
            return; // That was said.
        }
        String line = mistake.name().isEmpty() ? AppKeys.NAME : mistake.name();
        // A plugin knows its options as parameters of a URL.
        String why = mistake.why().replaceFirst("^" + Pattern.quote(mistake.name()) + "=", "");
        mistakes.add(app.line(line), app.place(mistake.name()) + ": " + why);
    }

    /**
     * Brings the agent to these apps: removes what is no longer there first, then changes, then adds.
     *
     * @return what was done, by name; empty when nothing was to do
     * @throws DewyException the first failure, after everything else was done; what failed is tried again next time
     */
    Map<String, List<String>> apply(Map<String, AppDefinition> wanted) throws DewyException {
        Map<String, AppDefinition> done = new LinkedHashMap<>(inForce);
        List<DewyException> failures = new ArrayList<>();
        Map<String, List<String>> changes = new LinkedHashMap<>();
        for (String name : inForce.keySet()) {
            if (!wanted.containsKey(name)) {
                attempt("removed", name, changes, failures, () -> agent.remove(name));
                done.remove(name);
            }
        }
        wanted.forEach((name, definition) -> {
            AppDefinition known = inForce.get(name);
            if (definition.equals(known)) {
                return;
            }
            boolean applied = known == null
                    ? attempt("added", name, changes, failures, () -> agent.add(definition))
                    : attempt("changed", name, changes, failures, () -> agent.change(definition));
            if (applied) {
                done.put(name, definition);
            }
        });
        inForce = done;
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
        return changes;
    }

    private interface Change {
        void make() throws DewyException;
    }

    private static boolean attempt(
            String verb, String name, Map<String, List<String>> changes, List<DewyException> failures, Change change) {
        try {
            change.make();
            changes.computeIfAbsent(verb, first -> new ArrayList<>()).add(name);
            return true;
        } catch (DewyException e) {
            failures.add(e);
            return false;
        }
    }
}
