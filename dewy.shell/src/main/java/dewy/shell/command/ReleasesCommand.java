package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.DeployedRelease;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

final class ReleasesCommand implements Command {
    @Override
    public String name() {
        return "releases";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "List the releases that are on the disk, the last one deployed first";
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        List<DeployedRelease> releases = agent.releases(app.name());
        if (releases.isEmpty()) {
            return Reply.of("There are no releases of " + app.name() + " yet.\n", List.of());
        }
        Optional<Path> current = app.current().flatMap(DeployedRelease::folder);
        Table table = new Table("VERSION", "CURRENT", "SINCE", "FOLDER");
        for (DeployedRelease release : releases) {
            table.row(
                    release.version(),
                    release.folder().equals(current) ? "yes" : "no",
                    viewer.relative(release.since()),
                    release.folder().map(Path::toString).orElse("-"));
        }
        return Reply.of(table.toString(), releases);
    }
}
