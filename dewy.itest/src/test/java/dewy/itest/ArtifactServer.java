package dewy.itest;

import dewy.tck.Content;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import dewy.tck.TestCertificate;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A web server on loopback with the files that a test puts there. */
final class ArtifactServer implements AutoCloseable {
    private final HttpStandIn server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    ArtifactServer() throws IOException {
        this(new HttpStandIn());
    }

    private ArtifactServer(HttpStandIn server) {
        this.server = server;
        server.answer(this::answer);
    }

    /** Returns one that is asked by HTTPS. */
    static ArtifactServer secured(TestCertificate certificate) throws IOException {
        return new ArtifactServer(HttpStandIn.secured(certificate));
    }

    /** Returns the URL of a path. */
    String url(String path) {
        return server.address() + path;
    }

    void put(String path, byte[] content) {
        files.put(path, content);
    }

    byte[] get(String path) {
        return files.getOrDefault(path, new byte[0]);
    }

    /** Returns the requests so far: method and path. */
    List<String> asked() {
        return server.asked.stream()
                .map(asked -> asked.method() + " " + asked.target())
                .toList();
    }

    private Answer answer(Asked asked) {
        byte[] body = files.get(asked.target());
        return body == null ? Answer.of(404, "") : Answer.of(200, Content.of(body), 0);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
