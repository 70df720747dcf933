package dewy.core.capsule;

import dewy.api.DewyException;
import dewy.api.control.AppDefinition;
import dewy.api.control.Capsule;
import dewy.api.control.Evidence;
import dewy.api.control.Evidence.Output;
import dewy.api.control.Evidence.PluginUse;
import dewy.api.event.Event;
import dewy.api.plugin.Secret;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Gathers the evidence of what fails when an app is deployed, and keeps it. What fails in the same way again and again takes
 * the place of what is known of it already. None of it is ever in the way of a deployment: where it cannot be kept, the log
 * says so. For one thread.
 */
public final class Investigator {
    private static final int MOST_EVENTS = 200;
    private static final int LONGEST = 4_000;
    private static final int LONGEST_OPTION = 1_000;
    private static final int ID = 8;
    private static final List<String> HOOK_FILES =
            List.of("hook-before.log", "hook-before.err.log", "hook-after.log", "hook-after.err.log");

    /**
     * Where a deployment began.
     *
     * @param event the number of the first event that is its own
     * @param output how long the output of the app was
     * @param at the time
     */
    public record Beginning(long event, long output, Instant at) {
        /** One of which nothing is known: all that is there counts. */
        public static final Beginning UNKNOWN = new Beginning(1, 0, Instant.MIN);
    }

    private final AppDefinition definition;
    private final String app;
    private final Path logs;
    private final CapsuleFolder folder;
    private final Supplier<List<PluginUse>> plugins;
    private final Map<String, String> system;
    private final InstantSource clock;

    /**
     * Creates one.
     *
     * @param app the name of the app
     * @param definition how it is configured
     * @param folder where the evidence is kept
     * @param logs the folder with what the app and the hooks write
     * @param plugins what it uses now
     * @param system what it runs on
     */
    public Investigator(
            String app,
            AppDefinition definition,
            CapsuleFolder folder,
            Path logs,
            Supplier<List<PluginUse>> plugins,
            Map<String, String> system,
            InstantSource clock) {
        this.app = app;
        this.definition = definition;
        this.folder = folder;
        this.logs = logs;
        this.plugins = plugins;
        this.system = system;
        this.clock = clock;
    }

    /** Returns where the evidence is. */
    public CapsuleFolder folder() {
        return folder;
    }

    /** Notes where a deployment begins. */
    public Beginning begin(EventScope events) {
        return new Beginning(events.stream().newest() + 1, OutputEnd.size(output()), clock.instant());
    }

    /** Keeps the evidence of a failure; returns its id, unless it could not be kept. */
    public Optional<String> investigate(Failure failure, Beginning beginning) {
        try {
            Evidence evidence = evidence(failure, beginning);
            folder.write(evidence);
            return Optional.of(evidence.capsule().id());
        } catch (DewyException | IOException | RuntimeException e) {
            failure.events().publish(EventKind.CAPSULE_FAILED, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Evidence evidence(Failure failure, Beginning beginning) throws DewyException, IOException {
        return new Evidence(
                capsule(failure),
                failure.chain().stream().map(Investigator::shown).toList(),
                events(failure, beginning),
                outputs(beginning),
                plugins.get(),
                options(),
                system);
    }

    private Capsule capsule(Failure failure) throws DewyException {
        String error = shown(failure.why().problem().sentence());
        Optional<Capsule> before = folder.list().stream()
                .filter(known -> known.version().equals(failure.version())
                        && known.step().equals(failure.step())
                        && withoutNumbers(known.error()).equals(withoutNumbers(error)))
                .findFirst();
        return new Capsule(
                before.map(Capsule::id)
                        .orElseGet(() -> UUID.randomUUID().toString().substring(0, ID)),
                app,
                failure.version(),
                clock.instant(),
                before.map(known -> known.times() + 1).orElse(1),
                failure.step(),
                Optional.of(failure.why().kind()),
                error,
                failure.events().deployId(),
                failure.events().cause(),
                failure.events().actor());
    }

    /** Process ids, ports and times differ where the failure is the same. */
    private static String withoutNumbers(String error) {
        return error.replaceAll("\\d+", "0");
    }

    private List<Event> events(Failure failure, Beginning beginning) {
        String deployId = failure.events().deployId();
        List<Event> own = failure.events().stream().since(1).stream()
                .filter(event -> event.app().equals(app)
                        && !event.type()
                                .equals(EventKind.CYCLE_SKIPPED.type()) // Of which there is one every few seconds.
                        && (event.sequence() >= beginning.event()
                                || event.deployId().equals(deployId)))
                .toList();
        return own.subList(Math.max(0, own.size() - MOST_EVENTS), own.size()).stream()
                .map(Investigator::shown)
                .toList();
    }

    private static Event shown(Event event) {
        return new Event(
                event.id(),
                event.sequence(),
                event.time(),
                event.app(),
                event.deployId(),
                event.cause(),
                event.actor(),
                event.type(),
                event.level(),
                event.text(),
                mapped(event.data(), Investigator::shown));
    }

    private List<Output> outputs(Beginning beginning) throws IOException {
        List<Output> outputs = new ArrayList<>();
        add(outputs, "app", output(), beginning.output());
        for (String name : HOOK_FILES) {
            Path file = logs.resolve(name);
            if (Files.exists(file) && !writtenAt(file).isBefore(beginning.at())) {
                add(outputs, name.replace(".err.log", ", standard error").replace(".log", ""), file, 0);
            }
        }
        return outputs;
    }

    private static void add(List<Output> outputs, String by, Path file, long since) throws IOException {
        List<String> lines =
                OutputEnd.of(file, since).stream().map(Investigator::shown).toList();
        if (!lines.isEmpty()) {
            outputs.add(new Output(by, lines));
        }
    }

    private static Instant writtenAt(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, List<String>> options() {
        Map<String, List<String>> options = new LinkedHashMap<>();
        options.put("command", List.of(definition.command()));
        definition
                .options()
                .forEach((name, values) -> options.put(
                        name, values.stream().map(value -> option(name, value)).toList()));
        if (!definition.arguments().isEmpty()) {
            options.put("--", arguments());
        }
        if (!definition.origin().isEmpty()) {
            options.put("origin", List.of(definition.origin()));
        }
        return options;
    }

    private static String option(String name, String value) {
        boolean isHidden = Secret.isSecretName(name) && !Secret.isReference(value);
        return isHidden ? "***" : cut(Secret.concealed(value), LONGEST_OPTION);
    }

    /** Of variables that containers are given, only the names are shown. */
    private List<String> arguments() {
        List<String> shown = new ArrayList<>();
        String before = "";
        for (String argument : definition.arguments()) {
            boolean isVariable =
                    before.equals("-e") || before.equals("--env") || argument.matches("(-e|--env=)\\w+=.*");
            String name = argument.replaceFirst("^((?:-e|--env=)?[^=]*)=(?s:.*)", "$1=***");
            shown.add(isVariable ? name : cut(Secret.concealed(argument), LONGEST_OPTION));
            before = argument;
        }
        return shown;
    }

    private Path output() {
        return logs.resolve(app + ".log");
    }

    private static Map<String, String> mapped(Map<String, String> values, UnaryOperator<String> change) {
        Map<String, String> changed = new LinkedHashMap<>();
        values.forEach((name, value) -> changed.put(name, change.apply(value)));
        return changed;
    }

    private static String shown(String text) {
        return cut(Secret.concealed(text), LONGEST);
    }

    private static String cut(String text, int longest) {
        return text.length() > longest ? text.substring(0, longest) + "…" : text;
    }
}
