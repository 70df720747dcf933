package dewy.core.host;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/** Says which plugins may be installed, updated, rolled back and removed; where one may not, what to do instead. */
final class ChangeRules {
    private final HostParts parts;

    ChangeRules(HostParts parts) {
        this.parts = parts;
    }

    void requireInstallable(Bundle fresh, String origin) throws InvalidException {
        requirePlugin(fresh, origin);
        String name = fresh.getSymbolicName();
        Optional<Version> known = parts.inventory().newest(name);
        if (known.isPresent()) {
            boolean disabled = parts.folder().isDisabled(name);
            throw new InvalidException(Problem.of(
                    "install",
                    PluginBundle.name(fresh),
                    known.get() + " of it is there already" + (disabled ? ", and is disabled" : ""),
                    disabled ? "Use plugin enable " + name : "Use plugin update"));
        }
    }

    /** A plugin is updated to a newer version only. */
    void requireNewer(Bundle fresh, String origin) throws InvalidException {
        requirePlugin(fresh, origin);
        String name = fresh.getSymbolicName();
        Optional<Version> known = parts.inventory().newest(name);
        if (known.isEmpty()) {
            throw new InvalidException(Problem.of(
                    "update to", PluginBundle.name(fresh), "there is no version of it yet", "Use plugin install"));
        }
        if (parts.folder().isDisabled(name)) {
            throw new InvalidException(
                    Problem.of("update to", origin, name + " is disabled", "Use plugin enable " + name + " first"));
        }
        int comparison = fresh.getVersion().compareTo(known.get());
        if (comparison == 0) {
            throw new InvalidException(Problem.of(
                    "update to",
                    origin,
                    PluginBundle.name(fresh) + " is there already",
                    "Give it a higher Bundle-Version"));
        }
        if (comparison < 0) {
            throw new InvalidException(Problem.of(
                    "update to",
                    origin,
                    PluginBundle.name(fresh) + " is older than " + known.get(),
                    wayTo(fresh, known.get())));
        }
    }

    /** A jar in the plugin folder may be new, or newer than what there is. */
    void requireNewOrNewer(Bundle fresh, String origin) throws InvalidException {
        requirePlugin(fresh, origin);
        if (parts.inventory().newest(fresh.getSymbolicName()).isPresent()) {
            requireNewer(fresh, origin);
        }
    }

    /** Returns what there is to go back to. */
    EarlierVersions.Earlier requireEarlier(String name, Optional<Version> current) throws InvalidException {
        Optional<EarlierVersions.Earlier> earlier =
                current.flatMap(version -> parts.earlier().before(name, version));
        return earlier.orElseThrow(() -> new InvalidException(Problem.of(
                "roll back",
                name,
                "no version before " + current.map(Version::toString).orElse("it")
                        + " is kept, as it was not updated here",
                "Use plugin update for another version, or plugin disable " + name)));
    }

    /** Returns those bundles of a name that may be removed. */
    List<Bundle> requireRemovable(String name) throws InvalidException {
        List<Bundle> bundles = parts.inventory().bundles(name);
        List<Bundle> installed = bundles.stream()
                .filter(bundle -> parts.inventory().file(bundle).isPresent())
                .toList();
        if (!installed.isEmpty()) {
            return installed;
        }
        if (parts.available().embedded(name).isPresent()) {
            boolean disabled = parts.folder().isDisabled(name);
            throw new InvalidException(Problem.of(
                    "remove",
                    name,
                    disabled ? "it came with the launcher, and is disabled already" : "it came with the launcher",
                    disabled ? "To use it again there is plugin enable " + name : "Use plugin disable " + name));
        }
        throw new InvalidException(bundles.stream()
                .findFirst()
                .map(bundle -> Problem.of(
                        "remove",
                        name,
                        "it was installed by other means, from " + bundle.getLocation(),
                        "Use felix:uninstall " + bundle.getBundleId()))
                .orElseGet(() -> Problem.of(
                        "remove", name, "that is no symbolic name of a bundle", "Use one that plugins lists")));
    }

    private static void requirePlugin(Bundle fresh, String origin) throws InvalidException {
        if (PluginBundle.plugins(fresh).isEmpty()) {
            throw new InvalidException(Problem.of(
                    "use as a plugin",
                    origin,
                    "the manifest of " + PluginBundle.name(fresh) + " declares no capability dewy.plugin",
                    "Put @Plugin on its component"));
        }
    }

    private String wayTo(Bundle fresh, Version current) {
        String name = fresh.getSymbolicName();
        Optional<Version> earlier = parts.earlier().before(name, current).map(EarlierVersions.Earlier::version);
        if (earlier.filter(fresh.getVersion()::equals).isPresent()) {
            return "Use plugin rollback " + name;
        }
        String other = earlier.map(version -> "To go back to " + version + " use plugin rollback " + name + ". ")
                .orElse("");
        Optional<Version> embedded = parts.available().embedded(name);
        if (embedded.filter(version -> version.compareTo(fresh.getVersion()) >= 0)
                .isPresent()) {
            return other + "Nothing older than " + embedded.get() + ", which came with the launcher, can be used";
        }
        String first = embedded.isPresent() ? "" : "plugin disable " + name + ", ";
        String last = embedded.isPresent() ? "plugin update" : "plugin install";
        return other + "For this one use " + first + "plugin remove " + name + " and then " + last;
    }
}
