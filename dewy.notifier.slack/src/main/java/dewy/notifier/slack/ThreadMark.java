package dewy.notifier.slack;

import java.util.Optional;

/**
 * A thread: one line {@code <ts> <channel> <deployment>}, so that the file begins with the {@code ts}.
 *
 * @param ts the first message's
 * @param channel where it is
 * @param deployId the deployment it tells about
 */
record ThreadMark(String ts, String channel, String deployId) {
    static Optional<ThreadMark> parse(String line) {
        String[] parts = line.strip().split("\\s+", -1);
        boolean valid = parts.length == 3 && AnswerJson.isTs(parts[0]);
        return valid ? Optional.of(new ThreadMark(parts[0], parts[1], parts[2])) : Optional.empty();
    }

    String line() {
        return ts + " " + channel + " " + deployId;
    }
}
