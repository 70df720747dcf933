package dewy.launcher.bundle;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.bundle.PluginCapability;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The embedded bundles by symbolic name, as a text for people and programs. Immutable. A bundle begins a line with its
 * symbolic name, version and file; the lines below are indented and say what it offers, what it needs, and what the system
 * bundle exports in its place:
 *
 * <pre>
 * dewy.notifier.slack 0.1.0 dewy.notifier.slack.jar
 *   offers notifier slack
 *   needs com.fasterxml.jackson.core.jackson-core
 *   needs org.apache.felix.scr
 * org.tukaani.xz 1.10.0 xz/
 *   exported org.tukaani.xz
 * </pre>
 */
public final class BundleIndex {
    /** The bundle that is the agent. */
    public static final String CORE = "dewy.core";

    /** The bundles by which an agent takes commands. */
    public static final List<String> SHELL = List.of("dewy.shell", "org.apache.felix.gogo.command");

    /** The bundles that every agent starts. */
    public static final List<String> BASE =
            Stream.concat(Stream.of(CORE), SHELL.stream()).toList();

    /** Where the bundles are in the jar. */
    public static final String FOLDER = "bundles/";

    /** Where it stands in the jar. */
    public static final String PATH = FOLDER + "index";

    private static final String EXPORTED = "  exported ";

    private final Map<String, IndexedBundle> bundles;

    private BundleIndex(Map<String, IndexedBundle> bundles) {
        this.bundles = Collections.unmodifiableMap(bundles);
    }

    /**
     * Returns the index of some bundles.
     *
     * @throws IllegalArgumentException if two of them have the same symbolic name, or one needs what is not there
     */
    public static BundleIndex of(Collection<IndexedBundle> bundles) {
        Map<String, IndexedBundle> byName = new TreeMap<>();
        for (IndexedBundle bundle : bundles) {
            if (byName.put(bundle.symbolicName(), bundle) != null) {
                throw new IllegalArgumentException("there are two bundles " + bundle.symbolicName());
            }
        }
        for (IndexedBundle bundle : bundles) {
            for (String needed : bundle.needs()) {
                if (!byName.containsKey(needed)) {
                    throw new IllegalArgumentException(
                            bundle.symbolicName() + " needs " + needed + ", which is not there");
                }
            }
        }
        return new BundleIndex(byName);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws InvalidException naming the line that is wrong
     */
    public static BundleIndex parse(String text) throws InvalidException {
        try {
            return of(Stream.of(text.split("\n(?! )"))
                    .map(stanza -> bundle(stanza.lines().toList()))
                    .toList());
        } catch (IllegalArgumentException e) {
            Problem problem =
                    Problem.of("read", PATH, String.valueOf(e.getMessage()), "The jar is damaged: get it anew");
            throw new InvalidException(problem, e);
        }
    }

    private static IndexedBundle bundle(List<String> lines) {
        String[] names = words(lines.isEmpty() ? "" : lines.get(0), 3);
        List<PluginCapability> offers = new ArrayList<>();
        List<String> needs = new ArrayList<>();
        String exports = "";
        for (String line : lines.subList(1, lines.size())) {
            if (line.startsWith("  needs ")) {
                needs.add(words(line, 2)[1]);
            } else if (line.startsWith("  offers ")) {
                String[] offer = words(line, 3);
                offers.add(new PluginCapability(offer[1], List.of(offer[2].split(",", -1))));
            } else if (line.startsWith(EXPORTED)) {
                exports = line.substring(EXPORTED.length());
            } else {
                throw new IllegalArgumentException("neither offers nor needs nor exported in \"" + line + "\"");
            }
        }
        return new IndexedBundle(names[0], names[1], names[2], offers, needs, exports);
    }

    private static String[] words(String line, int number) {
        String[] words = line.strip().split(" ", -1);
        if (words.length != number) {
            throw new IllegalArgumentException("not " + number + " words in \"" + line + "\"");
        }
        return words;
    }

    /** Returns the bundles, ordered by symbolic name. */
    public Collection<IndexedBundle> bundles() {
        return bundles.values();
    }

    /** Returns the bundle of a symbolic name. */
    public Optional<IndexedBundle> bundle(String symbolicName) {
        return Optional.ofNullable(bundles.get(symbolicName));
    }

    /** Returns the other bundles that a bundle needs, ordered by symbolic name. */
    public List<IndexedBundle> needs(IndexedBundle bundle) {
        return bundle.needs().stream().flatMap(name -> bundle(name).stream()).toList();
    }

    /** Returns what the system bundle exports in the place of bundles, as a manifest says it; empty when it is nothing. */
    public String exports() {
        return bundles.values().stream()
                .filter(IndexedBundle::isExported)
                .map(IndexedBundle::exports)
                .collect(Collectors.joining(","));
    }

    /** Returns the text: the same for the same bundles, in whatever order they came. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (IndexedBundle bundle : bundles.values()) {
            text.append(String.join(" ", bundle.symbolicName(), bundle.version(), bundle.file()))
                    .append('\n');
            bundle.offers().forEach(offer -> text.append("  offers ")
                    .append(offer.kind())
                    .append(' ')
                    .append(String.join(",", offer.schemes()))
                    .append('\n'));
            bundle.needs().forEach(need -> text.append("  needs ").append(need).append('\n'));
            if (bundle.isExported()) {
                text.append(EXPORTED).append(bundle.exports()).append('\n');
            }
        }
        return text.toString();
    }
}
