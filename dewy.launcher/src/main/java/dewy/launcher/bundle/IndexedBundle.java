package dewy.launcher.bundle;

import dewy.api.bundle.PluginCapability;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is known of an embedded bundle without opening it.
 *
 * @param symbolicName its symbolic name
 * @param version its version
 * @param file the name of its jar in the folder of the bundles; that of a folder, with a slash behind, when its classes are
 *     on the class path of the launcher
 * @param offers the plugins it has; empty when it is none
 * @param needs the symbolic names of all other embedded bundles without which it would not work
 * @param exports the packages that the system bundle exports in its place, as a manifest says it; empty when it does not
 */
public record IndexedBundle(
        String symbolicName,
        String version,
        String file,
        List<PluginCapability> offers,
        List<String> needs,
        String exports) {
    /** @throws IllegalArgumentException if a name is empty or holds white space, or exports a line break: that would not stand in an index */
    public IndexedBundle {
        offers = List.copyOf(offers);
        needs = List.copyOf(needs);
        Stream.of(symbolicName, version, file).forEach(IndexedBundle::requireWord);
        needs.forEach(IndexedBundle::requireWord);
        if (exports.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("\"" + exports + "\" is not one line");
        }
        for (PluginCapability offer : offers) {
            requireWord(offer.kind());
            requireWord(String.join(",", offer.schemes()));
        }
    }

    /** Returns whether it is found by what it offers, and started only then. */
    public boolean isPlugin() {
        return !offers.isEmpty();
    }

    /** Returns whether its classes are on the class path of the launcher. */
    public boolean isOnClassPath() {
        return file.endsWith("/");
    }

    /** Returns whether its packages are exported by the system bundle, so that it need not be installed. */
    public boolean isExported() {
        return !exports.isEmpty();
    }

    /** Returns the same bundle with its classes on the class path of the launcher. */
    IndexedBundle onClassPath() {
        return new IndexedBundle(symbolicName, version, file.replaceFirst("\\.jar$", "/"), offers, needs, exports);
    }

    /** Returns the same bundle with packages that the system bundle exports in its place. */
    IndexedBundle exported(String packages) {
        return new IndexedBundle(symbolicName, version, file, offers, needs, packages);
    }

    private static void requireWord(String name) {
        if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("\"" + name + "\" is not one word");
        }
    }
}
