package dewy.config;

import dewy.api.InvalidException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads the apps of a YAML text, every value as the text that stands there. Only the form is checked here; which keys an
 * app may have, and their values, is for the agent to say.
 */
final class YamlApps {
    static final String DEFAULTS = "defaults";
    static final String APPS = "apps";
    private static final Set<String> TOP = Set.of(DEFAULTS, APPS);
    private static final String QUOTE = ". Quote a text that has a colon, as in \"log:\"";
    /** What is said of a colon behind a text, on a line and within braces. */
    private static final Set<String> COLONS = Set.of("mapping values", "but got :");

    private final Path file;
    private final Mistakes mistakes;

    private YamlApps(Path file, Mistakes mistakes) {
        this.file = file;
        this.mistakes = mistakes;
    }

    /**
     * Reads a text; what is not of the right form is left out, and is a mistake.
     *
     * @param file where it comes from: relative paths begin at its folder
     * @throws InvalidException if it is no YAML at all
     */
    static List<WrittenApp> parse(Path file, String text, Mistakes mistakes) throws InvalidException {
        return new YamlApps(file, mistakes).read(text);
    }

    private List<WrittenApp> read(String text) throws InvalidException {
        List<WrittenApp> apps = new ArrayList<>();
        Optional<Node> root = root(text);
        mistakes.report();
        Map<String, Entry> top = entries(root, "the file");
        top.forEach((key, entry) -> {
            if (!TOP.contains(key)) {
                mistakes.add(entry.line(), "unknown key \"" + key + "\"; there are apps and defaults");
            }
        });
        Map<String, Entry> defaults = Optional.ofNullable(top.get(DEFAULTS))
                .map(entry -> entries(Optional.of(entry.value()), DEFAULTS))
                .orElse(Map.of());
        Entry all = top.get(APPS);
        if (all == null) {
            mistakes.add(1, "there is no key \"apps\"");
            return apps;
        }
        entries(Optional.of(all.value()), APPS).forEach((name, entry) -> {
            Map<String, Entry> own = entries(Optional.of(entry.value()), APPS + "." + name);
            if (entry.value() instanceof MappingNode) {
                apps.add(app(name, entry.line(), own, defaults));
            }
        });
        return apps;
    }

    private WrittenApp app(String name, int line, Map<String, Entry> own, Map<String, Entry> defaults) {
        Map<String, Entry> keys = new LinkedHashMap<>(defaults);
        keys.putAll(own);
        Set<String> inherited = new HashSet<>(defaults.keySet());
        inherited.removeAll(own.keySet());
        Map<String, List<String>> options = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        keys.forEach((key, entry) -> {
            String place = inherited.contains(key) ? DEFAULTS : APPS + "." + name;
            options.put(key, texts(place + "." + key, entry.value()));
            lines.put(key, entry.line());
        });
        if (options.putIfAbsent("name", List.of(name)) != null) {
            mistakes.add(lines.getOrDefault("name", line), "apps." + name + ".name: the key above is the name already");
        }
        Path folder = file.toAbsolutePath().resolveSibling("");
        return new WrittenApp(AppKeys.definition(options, folder, file.toString()), line, lines, inherited);
    }

    private record Entry(int line, Node value) {}

    private Map<String, Entry> entries(Optional<Node> node, String where) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        if (node.isEmpty()) {
            return entries;
        }
        if (!(node.get() instanceof MappingNode mapping)) {
            mistakes.add(line(node.get()), where + " is not a set of keys and values");
            return entries;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            int line = line(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                mistakes.add(line, where + " has a key that is no text");
            } else if (entries.put(key.getValue(), new Entry(line, tuple.getValueNode())) != null) {
                mistakes.add(line, where + " has the key \"" + key.getValue() + "\" twice");
            }
        }
        return entries;
    }

    private List<String> texts(String where, Node node) {
        if (node instanceof SequenceNode sequence) {
            List<String> texts = new ArrayList<>();
            sequence.getValue().forEach(each -> text(where, each).ifPresent(texts::add));
            return texts;
        }
        return text(where, node).map(List::of).orElse(List.of());
    }

    private Optional<String> text(String where, Node node) {
        if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
            return Optional.of(scalar.getValue());
        }
        String hint = isKeyWithoutValue(node) ? QUOTE : "";
        mistakes.add(
                line(node),
                where + (node instanceof ScalarNode ? " has no value" : " is not a text or a list of texts" + hint));
        return Optional.empty();
    }

    /** A text that ends in a colon is one, where YAML expects one of several. */
    private static boolean isKeyWithoutValue(Node node) {
        return node instanceof MappingNode mapping
                && mapping.getValue().stream()
                        .allMatch(tuple -> tuple.getValueNode().getTag().equals(Tag.NULL));
    }

    private Optional<Node> root(String text) {
        try {
            LoadSettings settings =
                    LoadSettings.builder().setLabel(file.toString()).build();
            return new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            boolean colon = COLONS.stream().anyMatch(e.getProblem()::contains);
            String hint = colon ? QUOTE : "";
            mistakes.add(line, "this is not YAML: " + e.getProblem() + hint);
        } catch (YamlEngineException e) {
            mistakes.add(1, "this is not YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }
}
