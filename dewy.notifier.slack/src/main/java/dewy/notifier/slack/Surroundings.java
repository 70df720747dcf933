package dewy.notifier.slack;

import dewy.api.plugin.Secret;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What a notifier takes from the process it runs in.
 *
 * @param environment its variables by name
 * @param token the secret {@code SLACK_TOKEN}
 * @param clock tells when a rate limit ends
 * @param nanoTime measures how long it lasts
 * @param pause waits for its end
 */
record Surroundings(
        Function<String, Optional<String>> environment,
        Secret token,
        InstantSource clock,
        LongSupplier nanoTime,
        Pause pause) {
    Optional<String> apiAddress() {
        return environment.apply(ApiAddress.VARIABLE);
    }

    static Surroundings real() {
        return new Surroundings(
                name -> Optional.ofNullable(System.getenv(name)),
                Secret.of("env:SLACK_TOKEN"),
                InstantSource.system(),
                System::nanoTime,
                new CallPause());
    }
}
