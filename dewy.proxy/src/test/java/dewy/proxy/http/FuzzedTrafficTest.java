package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.http.Reading.End;
import dewy.proxy.http.Reading.Message;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Mode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.http.HttpException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is nearly HTTP, through a listener whose connections to the backend serve one client after the other. */
@Tag("long")
class FuzzedTrafficTest {
    private static final int ROUNDS = 100;
    private static final int CLIENTS = 4;
    private static final Pattern MARK = Pattern.compile("[A-D]\\d{4}");
    private static final TrafficSettings HTTP = TrafficSettings.of(Mode.HTTP);

    /** What is passed on of each conversation is what the backend gets, and answers: no more, no less, and in that order. */
    @Test
    void asksTheBackendForWhatIsAnsweredAndNothingElse() throws IOException {
        Queue<Message> asked = new ConcurrentLinkedQueue<>();
        try (RawBackend backend = new RawBackend(client -> serve(client, asked));
                Listening listening = new Listening(HTTP).to(backend.port())) {
            Fuzz.run("conversations", ROUNDS, random -> {
                NearlyHttp nearly = new NearlyHttp(random);
                String bytes = nearly.requests();
                if (bytes.startsWith("\26") || bytes.startsWith("PRI ")) {
                    return; // Another protocol is relayed.
                }
                Passage expected = Passage.ofRequests(List.of(bytes));
                // Who sends more behind a request that is to be the last one may lose the answer to it.
                String sent = expected.isLast() ? String.join("", expected.originals()) : bytes;
                String answers = converse(listening, nearly.divided(sent));
                List<Message> passed = expected.passedMessages();
                String what = Fuzz.escaped(bytes) + "\nanswered by " + Fuzz.escaped(answers);
                assertThat(new ArrayList<>(asked)).as("asked for %s", what).isEqualTo(passed);
                asked.clear();
                Reading reading = Reading.ofResponsesByNetty(answers, expected.methods());
                assertThat(reading.end()).as("end of %s", what).isEqualTo(End.NOTHING);
                int refusals = expected.reading().end() == End.REFUSED ? 1 : 0;
                assertThat(reading.messages()).as("answers to %s", what).hasSize(passed.size() + refusals);
                for (int i = 0; i < passed.size(); i++) {
                    boolean isToHead = passed.get(i).start().startsWith("HEAD ");
                    assertThat(reading.messages().get(i))
                            .as("answer %d to %s", i, what)
                            .isEqualTo(new Message("200", isToHead ? "" : answerTo(passed.get(i))));
                }
            });
            assertThat(asked).isEmpty();
        }
    }

    private static void serve(Socket client, Queue<Message> asked) throws IOException {
        var in = Reading.bufferOf(new WithoutEnd(client.getInputStream()));
        try {
            while (true) {
                Message request = Reading.nextRequest(in);
                asked.add(request);
                String answer = answerTo(request);
                String head = "HTTP/1.1 200 OK\r\nContent-Length: " + answer.length() + "\r\n\r\n";
                RawBackend.write(client, request.start().startsWith("HEAD ") ? head : head + answer);
            }
        } catch (HttpException | RuntimeException e) {
            throw new AssertionError("the backend got what is no request", e);
        }
    }

    /** Fails at the end, which HttpCore would take for that of the trailers if it comes within them. */
    private static final class WithoutEnd extends FilterInputStream {
        private WithoutEnd(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int some = super.read(bytes, from, length);
            if (some < 0) {
                throw new EOFException("the connection is closed");
            }
            return some;
        }
    }

    private static String answerTo(Message request) {
        return request.start() + " " + request.body().length() + " "
                + request.body().hashCode();
    }

    private static String converse(Listening listening, List<String> parts) throws IOException {
        try (Socket client = listening.connect()) {
            client.setTcpNoDelay(true);
            try {
                for (String part : parts) {
                    RawBackend.write(client, part);
                }
                client.shutdownOutput();
            } catch (IOException e) {
                // It was refused already, and is told so.
            }
            return untilTheEnd(client, new ByteArrayOutputStream());
        }
    }

    private static String untilTheEnd(Socket client, ByteArrayOutputStream all) throws IOException {
        InputStream in = client.getInputStream();
        byte[] some = new byte[8192];
        for (int length = in.read(some); length >= 0; length = in.read(some)) {
            all.write(some, 0, length);
        }
        return all.toString(ISO_8859_1);
    }

    /** Each client gets what is for it alone, and one response as a whole, or sees that it is none. */
    @Test
    void answersNobodyWithWhatIsForAnother() throws Exception {
        Map<String, String> responses = new ConcurrentHashMap<>();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (RawBackend backend = new RawBackend(client -> answerOddly(client, responses));
                Listening listening = new Listening(HTTP).to(backend.port())) {
            int[] number = {0};
            Fuzz.run("answers", ROUNDS, random -> {
                List<Future<?>> asking = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    String mark = String.format(Locale.ROOT, "%c%04d", 'A' + i, number[0]);
                    Random own = new Random(random.nextLong());
                    asking.add(clients.submit(() -> ask(listening, mark, own, responses)));
                }
                number[0] = (number[0] + 1) % 10_000;
                for (Future<?> one : asking) {
                    one.get();
                }
            });
        } finally {
            clients.shutdownNow();
        }
    }

    private static void ask(Listening listening, String mark, Random random, Map<String, String> responses) {
        String method = random.nextInt(4) == 0 ? "HEAD" : "GET";
        String response =
                new NearlyHttp(random).response().replace("hello", mark).replace("X: y", "X: " + mark);
        responses.put(mark, response);
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        boolean isReset = false;
        try (Socket client = listening.connect()) {
            RawBackend.write(client, method + " /" + mark + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            untilTheEnd(client, got);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
            isReset = true;
        }
        String answer = got.toString(ISO_8859_1);
        String what = Fuzz.escaped(response) + "\nof which is passed on " + Fuzz.escaped(answer);
        for (Matcher marks = MARK.matcher(answer); marks.find(); ) {
            assertThat(marks.group()).as(what).isEqualTo(mark);
        }
        Reading reading = Reading.ofResponsesByHttpCore(answer, List.of(method));
        if (!isReset) {
            assertThat(reading.end()).as(what).isEqualTo(End.NOTHING);
            assertThat(reading.messages())
                    .as(what)
                    .filteredOn(one -> one.start().compareTo("200") >= 0)
                    .hasSize(1);
        }
    }

    private static void answerOddly(Socket client, Map<String, String> responses) throws IOException {
        boolean isMore = true;
        while (isMore) {
            String head = RawBackend.readHead(client.getInputStream());
            if (head.isEmpty()) {
                return;
            }
            String response =
                    responses.getOrDefault(head.substring(head.indexOf('/') + 1).substring(0, 5), "");
            RawBackend.write(client, response);
            RequestHead request = Passage.request(head);
            isMore = Passage.ofResponses(List.of(response), List.of(request)).isAnswered();
        }
    }
}
