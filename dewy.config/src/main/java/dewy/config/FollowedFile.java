package dewy.config;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.control.Agent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A file that the agent keeps to. Its text is compared at each look, so that no way of replacing a file is missed; a change
 * counts once two looks in a row have found the same, since an editor may still be writing. For one thread at a time.
 */
final class FollowedFile {
    private static final Logger LOG = LoggerFactory.getLogger("dewy");

    private final Path file;
    private final Agent agent;
    private final AppSet apps;
    private String inForce = "";
    private String seen = "";
    private String refused = "";
    private String complaint = "";

    FollowedFile(Path file, Agent agent) {
        this.file = file;
        this.agent = agent;
        this.apps = new AppSet(agent);
    }

    /** Takes the file for the first time; a failure is the caller's. */
    void begin() throws DewyException {
        String text = FileText.of(file);
        apply(text);
        seen = text;
    }

    /** Looks whether the file has changed, and does what it says now. */
    void look() {
        try {
            String text = FileText.of(file);
            boolean settled = text.equals(seen);
            seen = text;
            if (settled && text.equals(inForce) && !complaint.isEmpty()) {
                accepted();
            } else if (settled && !text.equals(inForce) && !text.equals(refused)) {
                apply(text);
            }
        } catch (InvalidException e) {
            refused = seen;
            complain(e);
        } catch (DewyException e) {
            complain(e);
        }
    }

    /** Says what is wrong, once until it changes. */
    private void complain(DewyException e) {
        String problem = Mistakes.inOneLine(e.problem().sentence());
        if (!problem.equals(complaint)) {
            complaint = problem;
            agent.refused(file.toString(), Optional.of(problem));
            LOG.atError()
                    .addKeyValue("file", file)
                    .addKeyValue("error", problem)
                    .log("Configuration refused, the one before stays in force");
        }
    }

    /** What the file says is in force: also where it says that again. */
    private void accepted() {
        refused = "";
        complaint = "";
        agent.refused(file.toString(), Optional.empty());
    }

    private void apply(String text) throws DewyException {
        Map<String, List<String>> changes = apps.apply(AppSet.checked(agent, file, text));
        inForce = text;
        accepted();
        LoggingEventBuilder record = LOG.atInfo().addKeyValue("file", file);
        for (Map.Entry<String, List<String>> change : changes.entrySet()) {
            record = record.addKeyValue(change.getKey(), String.join(", ", change.getValue()));
        }
        record.log("Configuration applied");
    }
}
