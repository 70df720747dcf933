package dewy.core.app;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.control.AppDefinition;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Artifact;
import dewy.core.cycle.CycleSettings;
import dewy.core.cycle.DeployWindows;
import dewy.core.cycle.ProbationSettings;
import dewy.core.hook.HookSettings;
import dewy.core.install.ExtractionLimits;
import dewy.core.select.ArtifactMatcher;
import dewy.core.select.Host;
import dewy.core.select.SelectionRules;
import dewy.core.version.CalendarVersions;
import dewy.core.version.SemanticVersions;
import dewy.core.version.VersionConstraint;
import dewy.core.version.VersionScheme;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks what a person wrote down about an app, and fills in what was left out. Options that core does not know are
 * parameters of the runtime.
 */
public final class AppSpecReader {
    private static final Map<String, String> RUNTIMES = Map.of("server", "process");
    private static final String PROXY_OPTION = "proxy-";
    private static final Set<String> SELECTION = Set.of("pre-release", "artifact", "calver");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final AppDefinition definition;
    private final Parameters options;

    private AppSpecReader(AppDefinition definition) {
        this.definition = definition;
        this.options = Parameters.of("use the options", "of " + definition.command(), definition.options());
    }

    /**
     * Returns the specification of an app.
     *
     * @throws InvalidException naming everything that is wrong with it
     */
    public static AppSpec read(AppDefinition definition) throws InvalidException {
        return new AppSpecReader(definition).read();
    }

    private AppSpec read() throws InvalidException {
        Path directory =
                Path.of(options.text("dir").orElse("")).toAbsolutePath().normalize();
        String name = options.text("name").orElseGet(() -> defaultName(directory));
        if (!NAME.matcher(name).matches()) {
            options.complain("name", "name=" + name + " is not made of letters, digits, dots, dashes and underscores");
        }
        PluginUrl registry = parse("registry", required("registry"));
        SelectionRules rules = rules(registry);
        PluginUrl plainRegistry = registry.without(SELECTION);
        PluginUrl artifact = url("artifact").orElse(plainRegistry);
        PluginUrl cache = url("cache").orElse(PluginUrl.parse("file:"));
        List<PluginUrl> notifiers = new ArrayList<>();
        for (String notifier : options.texts("notifier")) {
            notifiers.add(parse("notifier", notifier));
        }
        CycleSettings cycle = cycle();
        HookSettings hooks = hooks();
        boolean allowsHttp = options.flag("allow-http", false);
        boolean leavesRunning = options.flag("leave-running", false);
        Optional<String> proxyScheme = options.text("proxy").filter(scheme -> !"none".equals(scheme));
        Optional<String> runtimeScheme = options.text("runtime");
        Map<String, List<String>> rest = new LinkedHashMap<>(options.rest());
        Optional<PluginUrl> proxy = proxyScheme.map(scheme -> proxy(scheme, rest));
        if (proxy.isPresent()) {
            rest.keySet().removeIf(option -> option.equals("port") || option.startsWith(PROXY_OPTION));
        }
        return new AppSpec(
                name,
                definition.command(),
                directory,
                plainRegistry,
                artifact,
                cache,
                notifiers,
                proxy,
                runtime(runtimeScheme, rest),
                rules,
                cycle,
                hooks,
                definition.arguments(),
                allowsHttp,
                leavesRunning);
    }

    private String required(String option) throws InvalidException {
        return options.text(option)
                .orElseThrow(() -> new InvalidException(
                        new Problem(
                                "use the options",
                                "of " + definition.command(),
                                "there is no " + option,
                                "Give it with --" + option),
                        List.of(option)));
    }

    private static PluginUrl parse(String option, String url) throws InvalidException {
        try {
            return PluginUrl.parse(url);
        } catch (InvalidException e) {
            throw e.in(option);
        }
    }

    private Optional<PluginUrl> url(String option) throws InvalidException {
        Optional<String> text = options.text(option);
        return text.isPresent() ? Optional.of(parse(option, text.get())) : Optional.empty();
    }

    private static String defaultName(Path directory) {
        Path folder = directory.getFileName();
        String name = folder == null ? "" : folder.toString().replaceAll("[^A-Za-z0-9._-]", "-");
        return NAME.matcher(name).matches() ? name : "app";
    }

    private SelectionRules rules(PluginUrl registry) throws InvalidException {
        Parameters parameters = Parameters.of(registry);
        boolean preRelease = parameters.flag("pre-release", false);
        Optional<String> artifact = parameters.text("artifact");
        Optional<String> calver = options.text("calver").or(() -> parameters.text("calver"));
        parameters.rest();
        VersionScheme scheme = calver.isPresent() ? CalendarVersions.of(calver.get()) : new SemanticVersions();
        return new SelectionRules(
                scheme,
                preRelease,
                options.text("slot"),
                constraint(scheme),
                options.duration("cool-down", Duration.ZERO),
                new ArtifactMatcher(artifact, kind(), Host.current()),
                options.duration("grace-period", Duration.ofMinutes(30)));
    }

    private Artifact.Kind kind() {
        return "container".equals(definition.command()) ? Artifact.Kind.IMAGE : Artifact.Kind.ARCHIVE;
    }

    private Optional<VersionConstraint> constraint(VersionScheme scheme) throws InvalidException {
        Optional<String> text = options.text("constraint");
        try {
            return text.isPresent() ? Optional.of(scheme.constraint(text.get())) : Optional.empty();
        } catch (InvalidException e) {
            throw e.in("constraint");
        }
    }

    private CycleSettings cycle() throws InvalidException {
        ExtractionLimits defaults = ExtractionLimits.DEFAULT;
        ExtractionLimits limits = new ExtractionLimits(
                (int) options.number("max-entries", 1, Integer.MAX_VALUE, defaults.entries()),
                options.bytes("max-bytes", defaults.bytes()),
                (int) options.number("max-ratio", 1, Integer.MAX_VALUE, defaults.ratio()),
                options.bytes("max-decoder-memory", defaults.decoderMemory()));
        return new CycleSettings(
                options.duration("interval", Duration.ofSeconds(10)),
                options.duration("poll-timeout", Duration.ofSeconds(30)),
                options.duration("fetch-timeout", Duration.ofHours(1)),
                (int) options.number("keep-releases", 1, 1_000, 7),
                (int) options.number("keep-failed", 0, 1_000, 2),
                new ProbationSettings(
                        (int) options.number("max-crashes", 0, 1_000_000, 3),
                        options.duration("bake-time", Duration.ofMinutes(1))),
                windows(),
                limits);
    }

    private DeployWindows windows() throws InvalidException {
        Optional<String> text = options.text("deploy-window");
        try {
            return text.isPresent() ? DeployWindows.parse(text.get(), ZoneId.systemDefault()) : DeployWindows.ALWAYS;
        } catch (InvalidException e) {
            throw e.in("deploy-window");
        }
    }

    private HookSettings hooks() {
        String onFailure = options.text("hook-failure").orElse("continue");
        if (!Set.of("continue", "abort").contains(onFailure)) {
            options.complain("hook-failure", "hook-failure=" + onFailure + " is neither continue nor abort");
        }
        return new HookSettings(
                options.text("before-deploy-hook"),
                options.text("after-deploy-hook"),
                options.duration("hook-timeout", Duration.ofMinutes(5)),
                "abort".equals(onFailure));
    }

    /** What is said of listeners and of the proxy goes to the proxy, not to the runtime behind it. */
    private static PluginUrl proxy(String scheme, Map<String, List<String>> rest) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        rest.forEach((name, values) -> {
            if (name.equals("port")) {
                parameters.put(name, values);
            } else if (name.startsWith(PROXY_OPTION)) {
                parameters.put(name.substring(PROXY_OPTION.length()), values);
            }
        });
        return new PluginUrl(scheme, "", "", parameters);
    }

    private Optional<PluginUrl> runtime(Optional<String> named, Map<String, List<String>> rest)
            throws InvalidException {
        boolean runsContainers = "container".equals(definition.command());
        boolean runs = runsContainers || RUNTIMES.containsKey(definition.command());
        Optional<String> scheme = named.or(() -> Optional.ofNullable(RUNTIMES.get(definition.command())));
        if (runs && scheme.isPresent()) {
            return Optional.of(new PluginUrl(scheme.get(), "", "", rest));
        }
        if (!"assets".equals(definition.command())) {
            throw new InvalidException(
                    new Problem(
                            "run an app",
                            "as \"" + definition.command() + "\"",
                            runsContainers ? "this version does not run containers" : "there is no such command",
                            "Use server or assets"),
                    List.of("command"));
        }
        if (!rest.isEmpty()) {
            throw InvalidException.of(
                    new Problem("use the options", "of assets", "it has no " + String.join(", ", rest.keySet()), ""),
                    rest.keySet().stream()
                            .map(name -> new InvalidException.Mistake(name, "assets has no " + name))
                            .toList());
        }
        return Optional.empty();
    }
}
