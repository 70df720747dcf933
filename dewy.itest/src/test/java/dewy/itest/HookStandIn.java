package dewy.itest;

import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A web hook that takes texts, and can be had to answer nobody for a while. */
final class HookStandIn implements AutoCloseable {
    private final HttpStandIn server = new HttpStandIn();
    private final List<String> posts = new CopyOnWriteArrayList<>();

    HookStandIn() throws IOException {
        answer();
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    boolean posted(String text) {
        return posts.stream().anyMatch(post -> post.contains(text));
    }

    List<String> authorizations() {
        return server.asked.stream()
                .map(asked -> asked.header("Authorization").orElse(""))
                .toList();
    }

    void hang() {
        server.answer(asked -> Answer.SILENCE);
    }

    void awaitHanging() throws InterruptedException {
        server.hanging.await();
    }

    /** Answers again. */
    void answer() {
        server.answer(this::take);
    }

    private Answer take(Asked asked) {
        posts.add(asked.body());
        return Answer.of(200, "");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
