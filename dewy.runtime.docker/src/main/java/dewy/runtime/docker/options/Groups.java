package dewy.runtime.docker.options;

import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.LogConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads the options that mean something only together: where the log goes, and how health is checked. */
final class Groups {
    static final List<String> NAMES = List.of(
            "--log-driver",
            "--log-opt",
            "--health-cmd",
            "--health-interval",
            "--health-timeout",
            "--health-retries",
            "--health-start-period");

    private Groups() {}

    /**
     * Reads them.
     *
     * @param given returns the values that were given for an option
     */
    static void read(Function<String, List<String>> given, ContainerTemplate template) {
        readLog(given, template);
        readHealth(given, template);
    }

    private static void readLog(Function<String, List<String>> given, ContainerTemplate template) {
        List<String> drivers = given.apply("--log-driver");
        Map<String, String> options = RunOption.pairs(given.apply("--log-opt"));
        if (drivers.isEmpty() && options.isEmpty()) {
            return;
        }
        String driver = drivers.isEmpty() ? "" : drivers.get(drivers.size() - 1);
        LogConfig.LoggingType type =
                drivers.isEmpty() ? LogConfig.LoggingType.DEFAULT : LogConfig.LoggingType.fromValue(driver);
        RunOption.require(type != null, driver, "a log driver that is known here");
        template.setLogged(type != LogConfig.LoggingType.NONE);
        template.add((command, host) -> host.withLogConfig(new LogConfig(type, options)));
    }

    private static void readHealth(Function<String, List<String>> given, ContainerTemplate template) {
        List<Consumer<HealthCheck>> settings = new ArrayList<>();
        last(given, "--health-cmd", value -> settings.add(check -> check.withTest(List.of("CMD-SHELL", value))));
        last(given, "--health-interval", value -> {
            long nanos = RunOption.nanos(value);
            settings.add(check -> check.withInterval(nanos));
        });
        last(given, "--health-timeout", value -> {
            long nanos = RunOption.nanos(value);
            settings.add(check -> check.withTimeout(nanos));
        });
        last(given, "--health-start-period", value -> {
            long nanos = RunOption.nanos(value);
            settings.add(check -> check.withStartPeriod(nanos));
        });
        last(given, "--health-retries", value -> {
            int retries = Integer.parseInt(value);
            settings.add(check -> check.withRetries(retries));
        });
        if (!settings.isEmpty()) {
            HealthCheck check = new HealthCheck();
            settings.forEach(setting -> setting.accept(check));
            template.add((command, host) -> command.withHealthcheck(check));
        }
    }

    private static void last(Function<String, List<String>> given, String name, Consumer<String> taker) {
        List<String> values = given.apply(name);
        if (!values.isEmpty()) {
            taker.accept(values.get(values.size() - 1));
        }
    }
}
