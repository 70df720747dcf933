package dewy.config;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.control.Agent;
import dewy.api.control.AppDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The app of one factory configuration. One that is wrong is refused, and the app stays as it was. For one thread at a
 * time.
 */
final class ConfiguredApp {
    /** The factory PID of apps. */
    static final String FACTORY = "dewy.app";

    private static final Logger LOG = LoggerFactory.getLogger("dewy");

    private final Agent agent;
    private final Path folder;
    private String pid = "";
    private Optional<String> running = Optional.empty();

    /**
     * Creates one that is not configured yet.
     *
     * @param folder where relative directories begin
     */
    ConfiguredApp(Agent agent, Path folder) {
        this.agent = agent;
        this.folder = folder;
    }

    /** Has the agent run the app as the properties of its configuration say; the log says why where that cannot be. */
    void configure(Map<String, Object> properties) {
        pid = ConfigurationProperties.pid(properties);
        try {
            AppDefinition definition = AppKeys.definition(ConfigurationProperties.keys(properties), folder, pid);
            apply(definition, agent.check(definition));
        } catch (InvalidException e) {
            String keys = e.names().isEmpty() ? "" : String.join(", ", e.names()) + ": ";
            refuse(keys + e.problem().sentence());
        } catch (DewyException e) {
            refuse(e.problem().sentence());
        }
    }

    /** Has the agent stop the app, if it runs it. */
    void remove() {
        try {
            if (running.isPresent()) {
                agent.remove(running.get());
                applied("removed", running.get());
            }
        } catch (DewyException e) {
            refuse(e.problem().sentence());
        }
        running = Optional.empty();
    }

    private void apply(AppDefinition definition, String name) throws DewyException {
        if (running.isPresent() && !running.get().equals(name)) {
            throw new InvalidException(
                    Problem.of("rename the app", running.get(), "a configuration keeps its name", "Make another one"),
                    List.of(AppKeys.NAME));
        }
        Optional<AppDefinition> own = inForce(name);
        if (own.isEmpty()) {
            agent.add(definition);
            applied("added", name);
        } else if (!own.get().equals(definition)) {
            agent.change(definition);
            applied("changed", name);
        }
        running = Optional.of(name);
        agent.refused(pid, Optional.empty());
    }

    /** Returns what the agent runs because of this configuration, maybe since before this bundle was started again. */
    private Optional<AppDefinition> inForce(String name) throws DewyException {
        try {
            return Optional.of(agent.definition(name))
                    .filter(found -> found.origin().equals(pid));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    private void applied(String verb, String name) {
        LOG.atInfo().addKeyValue("pid", pid).addKeyValue(verb, name).log("Configuration applied");
    }

    private void refuse(String problem) {
        agent.refused(pid, Optional.of(problem));
        LOG.atError()
                .addKeyValue("pid", pid)
                .addKeyValue("error", problem)
                .log("Configuration refused, the one before stays in force");
    }
}
