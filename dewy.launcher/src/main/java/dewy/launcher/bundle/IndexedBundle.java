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
 */
public record IndexedBundle(
        String symbolicName, String version, String file, List<PluginCapability> offers, List<String> needs) {
    /** @throws IllegalArgumentException if a name is empty or holds white space, which would not stand in an index */
    public IndexedBundle {
        offers = List.copyOf(offers);
        needs = List.copyOf(needs);
        Stream.of(symbolicName, version, file).forEach(IndexedBundle::requireWord);
        needs.forEach(IndexedBundle::requireWord);
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

    /** Returns the same bundle with its classes on the class path of the launcher. */
    IndexedBundle onClassPath() {
        return new IndexedBundle(symbolicName, version, file.replaceFirst("\\.jar$", "/"), offers, needs);
    }

    private static void requireWord(String name) {
        if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("\"" + name + "\" is not one word");
        }
    }
}
