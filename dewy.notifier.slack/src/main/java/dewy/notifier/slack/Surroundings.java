package dewy.notifier.slack;

import dewy.api.plugin.Secret;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What a notifier takes from the process it runs in.
 *
 * @param apiAddress where Slack's Web API is, if not at Slack
 * @param token the secret {@code SLACK_TOKEN}
 * @param clock tells when a rate limit ends
 * @param nanoTime measures how long it lasts
 * @param pause waits for its end
 */
record Surroundings(
        Optional<String> apiAddress, Secret token, InstantSource clock, LongSupplier nanoTime, Pause pause) {
    static Surroundings real() {
        return new Surroundings(
                Optional.ofNullable(System.getenv(ApiAddress.VARIABLE)),
                Secret.of("env:SLACK_TOKEN"),
                InstantSource.system(),
                System::nanoTime,
                new CallPause());
    }
}
