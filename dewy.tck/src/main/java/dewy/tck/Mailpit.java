package dewy.tck;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** A mail server that shows what came over HTTP: Mailpit, as a child of the test. */
public final class Mailpit implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("\"ID\":\"([^\"]+)\"");
    private static final Pattern SUBJECT = Pattern.compile("\"Subject\":\"([^\"]+)\"");

    private final ServerProgram program;
    private final int api;

    private Mailpit(ServerProgram program, int api) {
        this.program = program;
        this.api = api;
    }

    /** Starts one that takes mail at a port, and keeps it in a folder. */
    public static Mailpit start(Path folder, int port, String... options) throws IOException {
        int api = ServerProgram.freePort();
        List<String> command =
                new ArrayList<>(List.of(ServerProgram.require("mailpit").toString()));
        command.addAll(List.of("--listen", "127.0.0.1:" + api, "--smtp", "127.0.0.1:" + port));
        command.addAll(List.of("--database", folder.resolve("mailpit.db").toString(), "--max", "0"));
        command.add("--disable-version-check");
        command.addAll(List.of(options));
        return new Mailpit(ServerProgram.start(folder, folder.resolve("mailpit.log"), port, command), api);
    }

    /** Returns what it answers to a path of its API. */
    public String ask(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api + path))
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Returns the subjects of all mails, that of the first one first. */
    public List<String> subjects() throws IOException {
        return all(SUBJECT);
    }

    /** Returns the texts of all mails, the first one first. */
    public List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String id : all(ID)) {
            texts.add(ask("/view/" + id + ".txt"));
        }
        return texts;
    }

    /** Returns what a pattern finds of each mail in the list of all, of the first one first. */
    private List<String> all(Pattern field) throws IOException {
        List<String> found = new ArrayList<>(field.matcher(ask("/api/v1/messages?limit=100000"))
                .results()
                .map(result -> result.group(1))
                .toList());
        Collections.reverse(found);
        return found;
    }

    @Override
    public void close() {
        program.close();
    }
}
