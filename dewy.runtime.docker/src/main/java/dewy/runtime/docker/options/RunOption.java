package dewy.runtime.docker.options;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ulimit;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An option of {@code docker run} that is understood, and what it means in the Docker Engine API.
 *
 * @param names all that it is called
 * @param isFlag whether it stands for itself
 * @param reading has the template be as its values say; throws {@link IllegalArgumentException} for those that are malformed
 */
record RunOption(List<String> names, boolean isFlag, Reading reading) {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([bkmg]?)b?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

    /** Takes all values that were given for an option. */
    @FunctionalInterface
    interface Reading {
        void read(List<String> values, ContainerTemplate template);
    }

    /** Takes the value that was given last. */
    @FunctionalInterface
    private interface One {
        void read(String value, ContainerTemplate template);
    }

    static final List<RunOption> ALL = List.of(
            list("-e --env", Variables::addVariables),
            list("--env-file", Variables::addFiles),
            list("-l --label", RunOption::labels),
            list("-v --volume", Mounts::addVolumes),
            list("--mount", Mounts::addMounts),
            list("--tmpfs", Mounts::addTmpfs),
            flag("--read-only", (command, host) -> host.withReadonlyRootfs(true)),
            last("--cpus", (value, it) -> {
                long cpus = nanoCpus(value);
                it.add((command, host) -> host.withNanoCPUs(cpus));
            }),
            last("-c --cpu-shares", (value, it) -> {
                int shares = (int) number(value, Integer.MAX_VALUE);
                it.add((command, host) -> host.withCpuShares(shares));
            }),
            last("--cpuset-cpus", (value, it) -> it.add((command, host) -> host.withCpusetCpus(value))),
            size("-m --memory", HostConfig::withMemory),
            size("--memory-reservation", HostConfig::withMemoryReservation),
            size("--memory-swap", HostConfig::withMemorySwap),
            size("--shm-size", HostConfig::withShmSize),
            last("--pids-limit", (value, it) -> {
                long limit = number(value, Integer.MAX_VALUE);
                it.add((command, host) -> host.withPidsLimit(limit));
            }),
            list("--ulimit", RunOption::ulimits),
            list("--sysctl", (values, it) -> {
                Map<String, String> settings = pairs(values);
                it.add((command, host) -> host.withSysctls(settings));
            }),
            last("--name", (value, it) -> it.setName(value)),
            list("--network --net", RunOption::network),
            list("--network-alias --net-alias", (values, it) -> it.add((command, host) -> command.withAliases(values))),
            last("-h --hostname", (value, it) -> it.add((command, host) -> command.withHostName(value))),
            last("--domainname", (value, it) -> it.add((command, host) -> command.withDomainName(value))),
            list("--add-host", (values, it) -> {
                values.forEach(
                        value -> require(value.indexOf(':') > 0, value, "a host and its address, as db:10.0.0.5"));
                it.add((command, host) -> host.withExtraHosts(values.toArray(String[]::new)));
            }),
            list("--dns", (values, it) -> it.add((command, host) -> host.withDns(values.toArray(String[]::new)))),
            list(
                    "--dns-search",
                    (values, it) -> it.add((command, host) -> host.withDnsSearch(values.toArray(String[]::new)))),
            list("--dns-option --dns-opt", (values, it) -> it.add((command, host) -> host.withDnsOptions(values))),
            last("-u --user", (value, it) -> it.setUser(value)),
            list("--group-add", (values, it) -> it.add((command, host) -> host.withGroupAdd(values))),
            list("--cap-drop", (values, it) -> {
                Capability[] dropped =
                        values.stream().map(RunOption::capability).toArray(Capability[]::new);
                it.add((command, host) -> host.withCapDrop(dropped));
            }),
            last("--entrypoint", (value, it) -> it.add((command, host) -> command.withEntrypoint(value))),
            last("-w --workdir", (value, it) -> it.add((command, host) -> command.withWorkingDir(value))),
            flag(
                    "--no-healthcheck",
                    (command, host) -> command.withHealthcheck(new HealthCheck().withTest(List.of("NONE")))),
            flag("--init", (command, host) -> host.withInit(true)),
            last("--stop-signal", (value, it) -> it.add((command, host) -> command.withStopSignal(value))),
            last("--stop-timeout", RunOption::stopTimeout),
            last("--oom-score-adj", (value, it) -> {
                int score = Integer.parseInt(value);
                it.add((command, host) -> host.withOomScoreAdj(score));
            }),
            last("--gpus", (value, it) -> {
                DeviceRequest gpus = gpus(value);
                it.add((command, host) -> host.withDeviceRequests(List.of(gpus)));
            }));

    static RunOption list(String names, Reading reading) {
        return new RunOption(List.of(names.split(" ")), false, reading);
    }

    static RunOption flag(String names, BiConsumer<CreateContainerCmd, HostConfig> detail) {
        return new RunOption(List.of(names.split(" ")), true, (values, template) -> template.add(detail));
    }

    private static RunOption last(String names, One reading) {
        return list(names, (values, template) -> reading.read(values.get(values.size() - 1), template));
    }

    private static RunOption size(String names, BiConsumer<HostConfig, Long> setting) {
        return last(names, (value, template) -> {
            long bytes = value.equals("-1") ? -1 : bytes(value);
            template.add((command, host) -> setting.accept(host, bytes));
        });
    }

    /** Reads a size as Docker does: {@code 64m}, {@code 1g}. */
    static long bytes(String value) {
        Matcher size = SIZE.matcher(value.toLowerCase(Locale.ROOT));
        require(size.matches(), value, "a size such as 64m");
        int power = "bkmg".indexOf(size.group(2).isEmpty() ? "b" : size.group(2));
        return Math.multiplyExact(Long.parseLong(size.group(1)), 1L << (10 * power));
    }

    /** Reads a time as Docker does, in nanoseconds: {@code 500ms}, {@code 1s}. */
    static long nanos(String value) {
        Matcher time = TIME.matcher(value);
        require(time.matches(), value, "a time such as 5s");
        long number = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(number).toNanos();
            case "s" -> Duration.ofSeconds(number).toNanos();
            case "m" -> Duration.ofMinutes(number).toNanos();
            default -> Duration.ofHours(number).toNanos();
        };
    }

    /** Reads {@code name=value} pairs; a bare name has an empty value. */
    static Map<String, String> pairs(List<String> values) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String value : values) {
            int equals = value.indexOf('=');
            String name = equals < 0 ? value : value.substring(0, equals);
            require(!name.isEmpty(), value, "name=value");
            pairs.put(name, equals < 0 ? "" : value.substring(equals + 1));
        }
        return pairs;
    }

    static void require(boolean right, String value, String expected) {
        if (!right) {
            throw new IllegalArgumentException("\"" + value + "\" is not " + expected);
        }
    }

    private static long number(String value, long most) {
        require(value.matches("-?\\d{1,15}") && Long.parseLong(value) <= most, value, "a number");
        return Long.parseLong(value);
    }

    private static long nanoCpus(String value) {
        require(value.matches("\\d{1,6}(\\.\\d{1,9})?"), value, "a number of CPUs such as 0.5");
        return new BigDecimal(value).multiply(NANOS).longValue();
    }

    private static void labels(List<String> values, ContainerTemplate template) {
        pairs(values).forEach((name, value) -> {
            if (name.equals("dewy") || name.startsWith("dewy.")) {
                throw new IllegalArgumentException("labels that begin with \"dewy.\" are Dewy's own");
            }
            template.setLabel(name, value);
        });
    }

    private static void network(List<String> values, ContainerTemplate template) {
        if (values.size() > 1) {
            throw new IllegalArgumentException("a container is in one network, and " + values + " are several");
        }
        template.setNetwork(values.get(0));
    }

    private static void stopTimeout(String value, ContainerTemplate template) {
        long seconds = number(value, Duration.ofDays(1).toSeconds());
        require(seconds >= 0, value, "a number of seconds");
        template.setStopTimeout(Duration.ofSeconds(seconds));
        template.add((command, host) -> command.withStopTimeout((int) seconds));
    }

    private static void ulimits(List<String> values, ContainerTemplate template) {
        List<Ulimit> limits = new ArrayList<>();
        pairs(values).forEach((name, value) -> {
            String[] parts = value.split(":", -1);
            require(value.matches("-?\\d+(:-?\\d+)?"), name + "=" + value, "a limit such as nofile=1024:2048");
            limits.add(new Ulimit(name, Long.parseLong(parts[0]), Long.parseLong(parts[parts.length - 1])));
        });
        template.add((command, host) -> host.withUlimits(limits));
    }

    private static Capability capability(String value) {
        return Capability.valueOf(value.toUpperCase(Locale.ROOT).replaceFirst("^CAP_", ""));
    }

    /** Reads {@code all}, a number, or {@code device=0,1}. */
    private static DeviceRequest gpus(String value) {
        String plain = value.replace("\"", "");
        DeviceRequest request = new DeviceRequest().withCapabilities(List.of(List.of("gpu")));
        if (plain.startsWith("device=")) {
            return request.withDeviceIds(
                    List.of(plain.substring("device=".length()).split(",")));
        }
        return request.withCount(plain.equals("all") ? -1 : (int) number(plain, 1_000));
    }
}
