package dewy.launcher.cli;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option of the command line.
 *
 * @param names its names, long one last
 * @param label what its value is called; empty for an option without one
 * @param commands the commands that have it
 * @param agentWide whether it is for the agent as a whole rather than for an app
 * @param repeatable whether it may be given several times
 * @param help what it does, with its default
 */
public record CommandOption(
        List<String> names, String label, Set<String> commands, boolean agentWide, boolean repeatable, String help) {
    private static final Set<String> APPS = Set.of("server", "assets", "container");
    private static final Set<String> ARCHIVES = Set.of("server", "assets");
    private static final Set<String> RUNNING = Set.of("server", "container");
    private static final Set<String> AGENTS = Set.of("server", "assets", "container", "host");
    private static final Set<String> SERVER = Set.of("server");
    private static final Set<String> CONTAINER = Set.of("container");

    /** What is said of the proxy goes to its plugin, which alone knows what there is. */
    private static final Pattern OF_PROXY = Pattern.compile("--proxy-[a-z][a-z0-9-]*");

    private static final Set<String> PLACES = Set.of("DIR", "FILE");
    private static final Map<String, List<String>> CHOICES = Map.of(
            "LEVEL", List.of("error", "warn", "info", "debug"),
            "FORMAT", List.of("text", "json"),
            "POLICY", List.of("continue", "abort"),
            "WHAT", List.of("digest", "version"));

    /** All options, in the order in which they are shown. */
    public static final List<CommandOption> ALL = List.of(
            app("--registry", "URL", APPS, "where releases are announced, such as file:///srv/releases (required)"),
            app("--artifact", "URL", APPS, "where artifacts come from (default: the registry)"),
            flag(
                    "--allow-http",
                    ARCHIVES,
                    "let artifacts come over plain HTTP, where anybody on the way can change them"),
            several(
                    "--verify",
                    "KEY",
                    ARCHIVES,
                    "take only what this key has signed: minisign:KEY or cosign:KEY, KEY being itself or its file"),
            app("-c,--cache", "URL", APPS, "where artifacts are kept (default: file:, the folder .dewy/cache)"),
            several("--notify,--notifier", "URL", APPS, "where people are told, such as log:"),
            app("-i,--interval", "TIME", APPS, "time between two polls of the registry (default: 10s)"),
            app("-n,--name", "NAME", APPS, "name of the app (default: the name of its directory)"),
            app(
                    "-d,--dir",
                    "DIR",
                    Set.of("server", "assets", "container", "host", "shell"),
                    "app directory (default: where it is started)"),
            app("-s,--slot", "SLOT", APPS, "take only versions with this build metadata, as in 1.2.3+blue"),
            app("--calver", "DATE", APPS, "versions are dates of this format, such as YYYY.0M.MICRO"),
            app("--constraint", "RANGE", APPS, "take only these versions, such as ~1.4, ^2 or >=1.2 <2"),
            app(
                    "--track",
                    "WHAT",
                    APPS,
                    "what is a new release: digest, also a version that is published again, or version (default:"
                            + " digest)"),
            app("--cool-down", "TIME", APPS, "take no release that is younger (default: 0s)"),
            app(
                    "--deploy-window",
                    "TIMES",
                    APPS,
                    "replace what is deployed only then, such as \"Mon-Fri 09:00-17:00\""),
            app("--keep-releases", "N", APPS, "release folders, or images, that stay (default: 7)"),
            app("--keep-failed", "N", ARCHIVES, "folders of releases that failed, which stay besides (default: 2)"),
            app("--bake-time", "TIME", RUNNING, "how long a new release must stay up without a crash (default: 60s)"),
            app("--max-crashes", "N", RUNNING, "crashes before that above which it is no good (default: 3)"),
            app("--grace-period", "TIME", APPS, "how long a release may lack its artifact (default: 30m)"),
            app(
                    "--stale-after",
                    "TIME",
                    APPS,
                    "tell that the registry of the fleet has not answered for so long (default: 15m)"),
            app("--poll-timeout", "TIME", APPS, "time limit of a poll (default: 30s)"),
            app("--fetch-timeout", "TIME", APPS, "time limit of a deployment (default: 1h)"),
            app("--max-entries", "N", ARCHIVES, "entries an archive may have (default: 100000)"),
            app("--max-bytes", "SIZE", ARCHIVES, "bytes an archive may unpack to (default: 16G)"),
            app("--max-ratio", "N", ARCHIVES, "times its own size an archive may unpack to (default: 200)"),
            app("--max-decoder-memory", "SIZE", ARCHIVES, "memory that decompression may take (default: 128M)"),
            app(
                    "--before-deploy-hook",
                    "COMMAND",
                    APPS,
                    "shell command run before a release is unpacked, or an image pulled"),
            app("--after-deploy-hook", "COMMAND", APPS, "shell command run once the new version is ready"),
            app("--hook-timeout", "TIME", APPS, "time limit of a hook (default: 5m)"),
            app("--hook-failure", "POLICY", APPS, "continue or abort when a hook fails (default: continue)"),
            several(
                    "-p,--port",
                    "PORTS",
                    RUNNING,
                    "where clients connect: 8080, 127.0.0.1:8080, 8080-8083, /run/app.sock; 80:8080 with the port in a"
                            + " container"),
            app(
                    "--proxy",
                    "SCHEME",
                    RUNNING,
                    "what carries its traffic: builtin, caddy, none; alone, caddy for a container and else builtin"
                            + " (default: none; of a container builtin)"),
            several("--proxy-port", "PORTS", RUNNING, "the same as --port, of the proxy (default of caddy: 80)"),
            app("--proxy-image", "IMAGE", CONTAINER, "image of the proxy caddy (default: caddy:2-alpine)"),
            app("--proxy-name", "NAME", CONTAINER, "name of the container of the proxy caddy (default: app-proxy)"),
            several("--proxy-domain", "NAME", CONTAINER, "host for which the proxy caddy speaks TLS"),
            app("--proxy-config", "FILE", CONTAINER, "Caddyfile, or JSON, that the proxy caddy is told instead"),
            app(
                    "--network",
                    "NAME",
                    CONTAINER,
                    "network of the engine in which proxy and app are (default of caddy: dewy-net)"),
            app(
                    "--network-alias",
                    "NAME",
                    CONTAINER,
                    "name by which those that serve are found in it (default with --proxy-config: dewy-current)"),
            app("--proxy-mode", "MODE", RUNNING, "what the built-in proxy carries: http or tcp (default: http)"),
            app(
                    "--proxy-hold-time",
                    "TIME",
                    RUNNING,
                    "how long requests wait while nothing serves behind the built-in proxy (default: 10s)"),
            several(
                    "--proxy-host",
                    "NAME",
                    RUNNING,
                    "host whose requests these are where apps share a port behind the built-in proxy"),
            app(
                    "--proxy-path",
                    "PATH",
                    RUNNING,
                    "what the paths of their requests begin with, such as /shop (default: /)"),
            several(
                    "--proxy-tls-cert",
                    "FILE",
                    RUNNING,
                    "certificate with its chain in PEM: clients of the built-in proxy speak TLS"),
            several(
                    "--proxy-tls-key",
                    "FILE",
                    RUNNING,
                    "its private key in PEM; as many as certificates, in their order"),
            app("--proxy-tls-min", "VERSION", RUNNING, "oldest version of TLS: 1.2 or 1.3 (default: 1.2)"),
            app("--port-env", "NAME", SERVER, "variable that tells a server behind a proxy its port (default: PORT)"),
            app(
                    "--drain-time",
                    "TIME",
                    RUNNING,
                    "how long what is on its way to one behind a proxy may take when that is to go (default: 30s)"),
            flag("--stdin-socket", SERVER, "hand the socket over as standard input"),
            app("--user", "USER", SERVER, "user to run the server as"),
            app("--group", "GROUP", SERVER, "group to run the server as"),
            app(
                    "--ready",
                    "HOW",
                    SERVER,
                    "a new server is ready when it: alive (stays up), notify, http://host:port/path, tcp://host:port,"
                            + " /path behind a proxy (default: alive)"),
            app(
                    "--ready-time",
                    "TIME",
                    SERVER,
                    "how long it must stay up to be ready when alive is enough (default: 1s)"),
            app("--ready-timeout", "TIME", SERVER, "how long it may take to become ready otherwise (default: 30s)"),
            app("--stop-timeout", "TIME", RUNNING, "time between SIGTERM and SIGKILL (default: 30s)"),
            app(
                    "--max-restarts",
                    "N",
                    RUNNING,
                    "crashes in a row before it is given up (default: 5; of a container 10)"),
            flag("--leave-running", RUNNING, "let what runs go on when the agent is stopped, for the next agent"),
            app("--log-size", "SIZE", RUNNING, "size at which the output file of the app is rotated (default: 64M)"),
            app("--runtime", "SCHEME", CONTAINER, "what runs the containers: docker or podman (default: docker)"),
            app("--replicas", "N", CONTAINER, "containers that serve (default: 1)"),
            app(
                    "--container-port",
                    "PORT",
                    CONTAINER,
                    "where the app listens in its container (default: the only port that the image exposes)"),
            several("--cmd", "WORD", CONTAINER, "a word of the command in place of the image's own"),
            app(
                    "--health-path",
                    "PATH",
                    CONTAINER,
                    "page by which a new container is known to be ready (default: it accepts a connection)"),
            app("--health-timeout", "TIME", CONTAINER, "how long it may take to become ready (default: 30s)"),
            app("--probe-interval", "TIME", CONTAINER, "time between two looks whether it is ready (default: 500ms)"),
            app("--probe-timeout", "TIME", CONTAINER, "how long a look may take (default: 2s)"),
            app(
                    "--probe-attempts",
                    "N",
                    CONTAINER,
                    "looks before it is given up (default: 0, as many as there is time)"),
            app(
                    "--strategy",
                    "NAME",
                    CONTAINER,
                    "how replicas are exchanged: rolling or blue-green (default: rolling)"),
            app("--keep-blue", "TIME", CONTAINER, "how long blue-green keeps the old ones running (default: 5m)"),
            app("--max-surge", "N", CONTAINER, "containers more than replicas during an update (default: replicas)"),
            app("--max-unavailable", "N", CONTAINER, "replicas that may lack during an update (default: 0)"),
            agent("--dry-run", "", APPS, "say what would be deployed now and why, do nothing, and exit"),
            agent(
                    "--home",
                    "DIR",
                    Set.of("server", "assets", "container", "host", "shell"),
                    "agent home (default: .dewy in the app directory)"),
            agent(
                    "--config",
                    "FILE",
                    Set.of("host"),
                    "file with the apps (default: dewy.yaml in that directory, if any)"),
            agent(
                    "--admin-port",
                    "PORT",
                    AGENTS,
                    "port of the admin API and the dashboard, or one of the next nine; none for none (default: 17539;"
                            + " of server and assets none)"),
            agent("--admin-address", "ADDRESS", AGENTS, "where the admin API listens (default: 127.0.0.1)"),
            agent(
                    "--admin-tokens",
                    "FILE",
                    AGENTS,
                    "tokens that may change something by the admin API (default: admin-tokens in the agent home)"),
            agent("--admin-tls-cert", "FILE", AGENTS, "certificate with its chain in PEM, for the admin API by TLS"),
            agent("--admin-tls-key", "FILE", AGENTS, "its private key in PEM"),
            severalOfAgent("--admin-host", "NAME", AGENTS, "another name by which the admin API may be addressed"),
            agent("--telemetry", "", AGENTS, "keep metrics, for GET /metrics of the admin API"),
            agent(
                    "--otlp-endpoint",
                    "URL",
                    AGENTS,
                    "send metrics and traces there by OTLP over HTTP, such as https://collector:4318; keeps metrics as well"),
            agent("--otlp-insecure", "", AGENTS, "do that without TLS where that is HOST:PORT"),
            agent("-l,--log-level", "LEVEL", AGENTS, "error, warn, info or debug (default: info)"),
            agent("-f,--log-format", "FORMAT", AGENTS, "text or json (default: text)"));

    private static CommandOption app(String names, String label, Set<String> commands, String help) {
        return new CommandOption(List.of(names.split(",", -1)), label, commands, false, false, help);
    }

    private static CommandOption several(String names, String label, Set<String> commands, String help) {
        return new CommandOption(List.of(names.split(",", -1)), label, commands, false, true, help);
    }

    private static CommandOption flag(String names, Set<String> commands, String help) {
        return new CommandOption(List.of(names.split(",", -1)), "", commands, false, false, help);
    }

    private static CommandOption agent(String names, String label, Set<String> commands, String help) {
        return new CommandOption(List.of(names.split(",", -1)), label, commands, true, false, help);
    }

    private static CommandOption severalOfAgent(String names, String label, Set<String> commands, String help) {
        return new CommandOption(List.of(names.split(",", -1)), label, commands, true, true, help);
    }

    /** Returns its long name without dashes. */
    public String name() {
        return names.get(names.size() - 1).substring(2);
    }

    /** Returns all options, with those among some words that are for the plugin of the proxy and not listed here. */
    static List<CommandOption> all(Stream<String> words) {
        List<CommandOption> all = new ArrayList<>(ALL);
        words.takeWhile(word -> !"--".equals(word))
                .map(CommandOption::named)
                .flatMap(Optional::stream)
                .filter(option -> !all.contains(option))
                .distinct()
                .forEach(all::add);
        return all;
    }

    /** Returns the option of a name, which may have its value behind an equals sign. */
    static Optional<CommandOption> named(String argument) {
        String name = argument.replaceFirst("(?s)=.*", "");
        return ALL.stream()
                .filter(option -> option.names().contains(name))
                .findFirst()
                .or(() -> OF_PROXY.matcher(name).matches()
                        ? Optional.of(several(name, "VALUE", RUNNING, "a parameter of the proxy"))
                        : Optional.empty());
    }

    /** Returns whether these are long names of options, and none has a URL as its value. */
    public static boolean arePlain(List<String> names) {
        return !names.isEmpty()
                && names.stream().allMatch(name -> named("--" + name)
                        .filter(option -> !"URL".equals(option.label()))
                        .isPresent());
    }

    /** Returns whether it may stand alone as well. */
    private boolean isAlsoFlag() {
        return names.contains("--proxy");
    }

    OptionSpec spec() {
        OptionSpec.Builder builder =
                OptionSpec.builder(names.toArray(String[]::new)).description(HelpText.lines(help));
        if (label.isEmpty()) {
            return builder.arity("0").type(boolean.class).build();
        }
        builder.paramLabel(label).arity("1").completionCandidates(CHOICES.getOrDefault(label, List.of()));
        if (isAlsoFlag()) {
            builder.arity("0..1").fallbackValue("true");
        }
        if (PLACES.contains(label)) {
            return builder.type(File.class).build();
        }
        return repeatable
                ? builder.type(List.class).auxiliaryTypes(String.class).build()
                : builder.type(String.class).build();
    }
}
