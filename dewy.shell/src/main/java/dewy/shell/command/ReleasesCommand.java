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
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        List<DeployedRelease> releases = agent.releases(app.name());
        if (releases.isEmpty()) {
            return Reply.of("There are no releases of " + app.name() + " yet.\n", List.of());
        }
        Optional<String> current = app.current().map(ReleasesCommand::place);
        boolean isOfImages =
                releases.stream().anyMatch(release -> release.image().isPresent());
        Table table = new Table("VERSION", "CURRENT", "SINCE", isOfImages ? "IMAGE" : "FOLDER");
        for (DeployedRelease release : releases) {
            table.row(
                    release.version(),
                    current.equals(Optional.of(place(release))) ? "yes" : "no",
                    viewer.relative(release.since()),
                    place(release));
        }
        return Reply.of(table.toString(), releases);
    }

    private static String place(DeployedRelease release) {
        return release.folder().map(Path::toString).or(release::image).orElse("-");
    }
}
