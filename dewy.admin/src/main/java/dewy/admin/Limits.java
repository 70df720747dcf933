package dewy.admin;

import java.time.Duration;

/**
 * What the admin API bears, so that nobody who can reach it can hold up the agent.
 *
 * @param connections how many there may be; more are closed at once
 * @param listeners how many of them may listen to events
 * @param waiting how many requests may wait for their turn
 * @param request how long a request may take to be there, and the next one to come
 */
record Limits(int connections, int listeners, int waiting, Duration request) {
    static final Limits USUAL = new Limits(512, 100, 64, Duration.ofSeconds(10));
}
