package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.CommandLines.Candidate;
import dewy.api.control.DeployedRelease;
import dewy.api.control.PastDeployment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The versions of an app that a person may mean: those on the disk, and those that were deployed, or tried, before. The
 * registry is not asked for more, since a person waits.
 */
final class ReleaseCandidates {
    private ReleaseCandidates() {}

    static List<Candidate> of(Agent agent, String app) {
        try {
            Map<String, String> versions = new LinkedHashMap<>();
            Optional<String> current = agent.app(app).current().map(DeployedRelease::tag);
            agent.app(app).quarantined().forEach((tag, why) -> versions.put(tag, "quarantined"));
            current.ifPresent(tag -> versions.put(tag, "deployed"));
            for (DeployedRelease release : agent.releases(app)) {
                versions.putIfAbsent(release.tag(), "on the disk");
            }
            for (PastDeployment past : agent.history(app)) {
                versions.putIfAbsent(past.tag(), past.error().isPresent() ? "failed" : "no longer on the disk");
            }
            return versions.entrySet().stream()
                    .map(version -> new Candidate(version.getKey(), version.getValue()))
                    .toList();
        } catch (DewyException e) {
            return List.of(); // The app was removed meanwhile.
        }
    }
}
