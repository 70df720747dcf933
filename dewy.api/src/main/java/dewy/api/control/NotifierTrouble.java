package dewy.api.control;

import java.time.Instant;

/**
 * A notifier that fails.
 *
 * @param notifier its URL, for people
 * @param since the time of the first event that it could not tell
 * @param lost how many notifications were lost since
 * @param error why the last one could not be sent
 */
public record NotifierTrouble(String notifier, Instant since, int lost, String error) {}
