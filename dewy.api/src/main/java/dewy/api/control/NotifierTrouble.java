package dewy.api.control;

import java.time.Instant;

/**
 * A notifier that fails.
 *
 * @param notifier its URL, for people
 * @param since the time of the first event that it could not tell, or has not told for a while
 * @param lost how many notifications were lost since; 0 while the first is being tried again
 * @param error why the last one could not be sent
 */
public record NotifierTrouble(String notifier, Instant since, int lost, String error) {}
