package dewy.notifier.slack;

import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stand-in for Slack's Web API: takes messages to any channel and numbers them in each, unless it is told to say something
 * else, or nothing at all.
 */
public final class SlackStandIn implements AutoCloseable {
    private static final Pattern CHANNEL = Pattern.compile("\"channel\":\"([^\"]*)\"");

    private final HttpStandIn server = new HttpStandIn();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> taken = new HashMap<>();

    public SlackStandIn() throws IOException {
        server.answer(this::answer);
    }

    public String address() {
        return server.address() + "/api";
    }

    /** Returns the environment of an agent that is to find it. */
    public Map<String, String> environment() {
        return Map.of("SLACK_API_URL", address() + "/", "SLACK_TOKEN", "xoxb-test", "HOSTNAME", "host-1");
    }

    public void nextAnswer(int status, String body) {
        nextAnswer(Answer.of(status, body));
    }

    void nextAnswer(Answer answer) {
        answers.add(answer);
    }

    public void neverAnswers(String channel) {
        silent.add(channel);
    }

    public void fails(String channel) {
        failing.add(channel);
    }

    List<Asked> requests() {
        return server.asked;
    }

    public List<String> bodies() {
        return server.asked.stream().map(Asked::body).toList();
    }

    /** Returns what was posted to a channel. */
    public List<String> posted(String channel) {
        return bodies().stream().filter(body -> channel(body).equals(channel)).toList();
    }

    /** Goes down when a request is not answered. */
    CountDownLatch hanging() {
        return server.hanging;
    }

    /** Returns the {@code ts} of the message taken as the {@code number}th of its channel, from 1. */
    static String ts(int number) {
        return "1700000000.%06d".formatted(number);
    }

    private Answer answer(Asked asked) {
        Answer prepared = answers.poll();
        String channel = channel(asked.body());
        if (prepared != null) {
            return prepared;
        }
        if (silent.contains(channel)) {
            return Answer.SILENCE;
        }
        return failing.contains(channel) ? Answer.of(503, "") : Answer.of(200, confirmation(channel));
    }

    private synchronized String confirmation(String channel) {
        String ts = ts(taken.merge(channel, 1, Integer::sum));
        return "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"" + ts
                + "\",\"message\":{\"ts\":\"0.0\",\"attachments\":[{\"id\":1}]}}";
    }

    private static String channel(String body) {
        Matcher channel = CHANNEL.matcher(body);
        return channel.find() ? channel.group(1) : "";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
