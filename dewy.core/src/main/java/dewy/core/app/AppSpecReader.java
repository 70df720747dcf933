package dewy.core.app;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.control.AppDefinition;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Artifact;
import dewy.archive.ExtractionLimits;
import dewy.core.cycle.CycleSettings;
import dewy.core.cycle.DeployWindows;
import dewy.core.cycle.ProbationSettings;
import dewy.core.fleet.FleetSettings;
import dewy.core.hook.HookSettings;
import dewy.core.notify.Interest;
import dewy.core.select.ArtifactMatcher;
import dewy.core.select.Host;
import dewy.core.select.SelectionRules;
import dewy.core.verify.TrustedKeys;
import dewy.core.version.CalendarVersions;
import dewy.core.version.SemanticVersions;
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
import java.util.stream.Stream;

/**
 * Checks what a person wrote down about an app, and fills in what was left out. Options that core does not know are
 * parameters of the runtime.
 */
public final class AppSpecReader {
    private static final Map<String, String> RUNTIMES = Map.of("server", "process", "container", "docker");
    /** Containers cannot inherit sockets. */
    private static final Map<String, String> PROXIES = Map.of("container", "builtin");

    /** Which one it is where somebody asks for a proxy, and not for which. */
    private static final Map<String, String> ANY_PROXIES = Map.of("container", "caddy", "server", "builtin");

    private static final String PROXY_OPTION = "proxy-";

    /** What is said of where clients and the app are, without that prefix. */
    private static final Set<String> PLACE_OPTIONS = Set.of("port", "network", "network-alias");

    private static final List<String> SELECTION = List.of("pre-release", "artifact", "calver", "track");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final AppDefinition definition;
    private final Parameters options;
    private final FolderHint folders;
    private final List<InvalidException> faults = new ArrayList<>();

    private AppSpecReader(AppDefinition definition) {
        this.definition = definition;
        this.options = Parameters.of("use the options", "of " + definition.command(), definition.options());
        this.folders = FolderHint.of(definition);
    }

    /**
     * Returns the specification of an app.
     *
     * @throws InvalidException naming everything that is wrong with it
     */
    public static AppSpec read(AppDefinition definition) throws InvalidException {
        AppDraft draft = draft(definition);
        draft.require(List.of());
        return draft.spec();
    }

    /** Returns what can be understood of an app. */
    public static AppDraft draft(AppDefinition definition) {
        return new AppSpecReader(definition).read();
    }

    private AppDraft read() {
        Path directory =
                Path.of(options.text("dir").orElse("")).toAbsolutePath().normalize();
        String name = options.text("name").orElseGet(() -> defaultName(directory));
        if (!NAME.matcher(name).matches()) {
            options.complain("name", "name=" + name + " is not made of letters, digits, dots, dashes and underscores");
        }
        PluginUrl registry = registry();
        SelectionRules rules = rules(registry);
        PluginUrl plainRegistry = registry.without(Set.copyOf(SELECTION));
        PluginUrl artifact =
                options.text("artifact").map(url -> url("artifact", url)).orElse(plainRegistry);
        PluginUrl cache = url("cache", options.text("cache").orElse("file:"));
        FleetSettings fleet = fleet(cache);
        List<PluginUrl> notifiers = options.texts("notifier").stream()
                .map(url -> url("notifier", url))
                .toList();
        notifiers.forEach(url -> attempt(() -> in("notifier", () -> Interest.of(url))));
        CycleSettings cycle = cycle();
        HookSettings hooks = hooks();
        boolean allowsHttp = options.flag("allow-http", false);
        boolean leavesRunning = options.flag("leave-running", false);
        Optional<String> proxyScheme = options.text("proxy")
                .map(scheme -> "true".equals(scheme) ? ANY_PROXIES.getOrDefault(definition.command(), scheme) : scheme)
                .or(() -> Optional.ofNullable(PROXIES.get(definition.command())))
                .filter(scheme -> !"none".equals(scheme));
        Optional<String> runtimeScheme = options.text("runtime");
        Map<String, List<String>> rest = new LinkedHashMap<>(options.unread());
        Optional<PluginUrl> proxy = proxyScheme.map(scheme -> proxy(scheme, rest));
        if (proxy.isPresent()) {
            rest.keySet().removeIf(option -> PLACE_OPTIONS.contains(option) || option.startsWith(PROXY_OPTION));
        }
        Optional<PluginUrl> runtime = runtime(runtimeScheme, rest);
        if ("assets".equals(definition.command())) {
            proxyScheme.ifPresent(scheme -> options.complain("proxy", "assets has no proxy, since nothing of it runs"));
            runtimeScheme.ifPresent(
                    scheme -> options.complain("runtime", "assets has no runtime, since nothing of it runs"));
        }
        attempt(options::rest);
        AppSpec spec = new AppSpec(
                name,
                definition.command(),
                directory,
                plainRegistry,
                artifact,
                FleetSettings.without(cache),
                fleet,
                notifiers,
                proxy,
                runtime,
                rules,
                cycle,
                hooks,
                definition.arguments(),
                allowsHttp,
                leavesRunning,
                definition);
        return new AppDraft(spec, faults, folders);
    }

    private interface Part<R> {
        R read() throws InvalidException;
    }

    /** Reads what can be wrong by itself, so that all the rest is looked at as well. */
    private <R> Optional<R> attempt(Part<R> part) {
        try {
            return Optional.of(part.read());
        } catch (InvalidException e) {
            faults.add(e);
            return Optional.empty();
        }
    }

    private PluginUrl registry() {
        Optional<String> text = options.text("registry");
        if (text.isEmpty()) {
            Problem problem = new Problem(
                    "use the options", "of " + definition.command(), "there is no registry", "Give it with --registry");
            faults.add(new InvalidException(problem, List.of("registry")));
        }
        return text.map(url -> url("registry", url)).orElse(AppDraft.UNREADABLE);
    }

    private PluginUrl url(String option, String text) {
        return attempt(() -> parse(option, text)).orElse(AppDraft.UNREADABLE);
    }

    private PluginUrl parse(String option, String text) throws InvalidException {
        try {
            return PluginUrl.parse(text);
        } catch (InvalidException e) {
            throw folders.advise(e, text).in(option);
        }
    }

    private static String defaultName(Path directory) {
        Path folder = directory.getFileName();
        String name = folder == null ? "" : folder.toString().replaceAll("[^A-Za-z0-9._-]", "-");
        return NAME.matcher(name).matches() ? name : "app";
    }

    private SelectionRules rules(PluginUrl registry) {
        Parameters parameters = Parameters.of(registry);
        boolean preRelease = parameters.flag("pre-release", false);
        Optional<String> artifact = parameters.text("artifact");
        Optional<String> calver = options.text("calver").or(() -> parameters.text("calver"));
        boolean versionsOnly = versionsOnly(parameters);
        attempt(() -> in("registry", parameters::rest));
        VersionScheme scheme = calver.<VersionScheme>flatMap(
                        format -> attempt(() -> in("calver", () -> CalendarVersions.of(format))))
                .orElseGet(SemanticVersions::new);
        return new SelectionRules(
                scheme,
                preRelease,
                versionsOnly,
                options.text("slot"),
                options.text("constraint")
                        .flatMap(text -> attempt(() -> in("constraint", () -> scheme.constraint(text)))),
                options.duration("cool-down", Duration.ZERO),
                new ArtifactMatcher(artifact, kind(), Host.current()),
                trusted(),
                options.duration("grace-period", Duration.ofMinutes(30)));
    }

    private boolean versionsOnly(Parameters registry) {
        Parameters saying = options.text("track").isPresent() ? options : registry;
        String track = saying.text("track").orElse("digest");
        if (!Set.of("digest", "version").contains(track)) {
            saying.complain("track", "track=" + track + " is neither digest nor version");
        }
        return "version".equals(track);
    }

    private TrustedKeys trusted() {
        List<String> keys = options.texts("verify");
        if (!keys.isEmpty() && kind() == Artifact.Kind.IMAGE) {
            options.complain("verify", "only archives can be verified, and a container is an image");
        }
        return keys.stream()
                .flatMap(key -> attempt(() -> in("verify", () -> TrustedKeys.of(key))).stream())
                .reduce(TrustedKeys.NONE, TrustedKeys::and);
    }

    private FleetSettings fleet(PluginUrl cache) {
        Duration staleAfter = options.duration("stale-after", Duration.ofMinutes(15));
        return attempt(() -> in("cache", () -> FleetSettings.of(cache, NAME, staleAfter)))
                .orElseGet(() -> new FleetSettings(Optional.empty(), Optional.empty(), staleAfter));
    }

    private Artifact.Kind kind() {
        return "container".equals(definition.command()) ? Artifact.Kind.IMAGE : Artifact.Kind.ARCHIVE;
    }

    private static <R> R in(String option, Part<R> part) throws InvalidException {
        try {
            return part.read();
        } catch (InvalidException e) {
            throw e.in(option);
        }
    }

    private CycleSettings cycle() {
        ExtractionLimits defaults = ExtractionLimits.DEFAULT;
        ExtractionLimits limits = new ExtractionLimits(
                (int) options.number("max-entries", 1, Integer.MAX_VALUE, defaults.entries()),
                options.bytes("max-bytes", defaults.bytes()),
                (int) options.number("max-ratio", 1, Integer.MAX_VALUE, defaults.ratio()),
                options.bytes("max-decoder-memory", defaults.decoderMemory()));
        return new CycleSettings(
                interval(),
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

    private DeployWindows windows() {
        return options.text("deploy-window")
                .flatMap(text ->
                        attempt(() -> in("deploy-window", () -> DeployWindows.parse(text, ZoneId.systemDefault()))))
                .orElse(DeployWindows.ALWAYS);
    }

    /** Without a pause the registry would be asked all the time. */
    private Duration interval() {
        Duration interval = options.duration("interval", Duration.ofSeconds(10));
        if (interval.isZero()) {
            options.complain("interval", "interval=0 leaves no pause between two polls; the shortest is 1ms");
        }
        return interval;
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
            if (PLACE_OPTIONS.contains(name)) {
                parameters.merge(name, values, AppSpecReader::concat);
            } else if (name.startsWith(PROXY_OPTION)) {
                parameters.merge(name.substring(PROXY_OPTION.length()), values, AppSpecReader::concat);
            }
        });
        return new PluginUrl(scheme, "", "", parameters);
    }

    /** The ports of {@code --port} and of {@code --proxy-port} are ports of the proxy. */
    private static List<String> concat(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** Returns what is wrong with the URL of an option, with the parameters named that core reads itself. */
    static InvalidException withOwnParameters(String option, InvalidException e) {
        return switch (option) {
            case "registry" -> e.taking(SELECTION);
            case "cache" -> e.taking(FleetSettings.PARAMETERS);
            case "notifier" -> e.taking(Interest.PARAMETERS);
            default -> e;
        };
    }

    /** Returns by which option a parameter of the proxy is given. */
    static String ofProxy(String parameter) {
        return parameter.isEmpty() || PLACE_OPTIONS.contains(parameter) ? parameter : PROXY_OPTION + parameter;
    }

    private Optional<PluginUrl> runtime(Optional<String> named, Map<String, List<String>> rest) {
        Optional<String> scheme = named.or(() -> Optional.ofNullable(RUNTIMES.get(definition.command())));
        if (RUNTIMES.containsKey(definition.command())) {
            return Optional.of(new PluginUrl(scheme.orElseThrow(), "", "", rest));
        }
        if (!"assets".equals(definition.command())) {
            Problem problem = new Problem(
                    "run an app",
                    "as \"" + definition.command() + "\"",
                    "there is no such command",
                    "Use server, assets or container");
            faults.add(new InvalidException(problem).in("command"));
        } else if (!rest.isEmpty()) {
            faults.add(InvalidException.of(
                    new Problem("use the options", "of assets", "it has no " + String.join(", ", rest.keySet()), ""),
                    rest.keySet().stream()
                            .map(name -> new InvalidException.Mistake(
                                    name, "there is no \"" + name + "\" for the command assets"))
                            .toList()));
        }
        return Optional.empty();
    }
}
