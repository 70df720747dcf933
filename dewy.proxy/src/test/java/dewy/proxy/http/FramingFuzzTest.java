package dewy.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.proxy.http.Reading.End;
import dewy.proxy.http.Reading.Message;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What passes here is read in the same way by two other parsers, as it came and as it is passed on: the same messages, with the
 * same bodies. Each is read in parts as it is as a whole.
 */
@Tag("long")
class FramingFuzzTest {
    private static final int ROUNDS = 1_000;

    /** What is passed on and read otherwise by another parser, and why that may be. */
    private enum Known {
        /** Empty lines before a request are left out, as RFC 9112 (2.2) has it, and not passed on. */
        EMPTY_LINES("\\A(\\r\\n)+", Where.ARRIVED),
        /** Netty refuses an extension of a chunk whose value is a token, which RFC 9112 (7.1.1) has, and what is none. */
        EXTENSION("\\r\\n[0-9a-f]+;", Where.REFUSED),
        /** Netty reads eight bytes of a body that no field tells, as in drafts of WebSocket; these fields are not passed on. */
        OLD_WEBSOCKET("\\r\\nSec-WebSocket-Key[12]:", Where.ARRIVED);

        private enum Where {
            /** Of what arrives, not of what is passed on. */
            ARRIVED,
            /** The other one refuses it. */
            REFUSED
        }

        private final Pattern message;
        private final Where where;

        Known(String message, Where where) {
            this.where = where;
            this.message = Pattern.compile(message, Pattern.CASE_INSENSITIVE);
        }
    }

    private final Map<Known, Integer> found = new EnumMap<>(Known.class);
    private int passed;
    private int refused;

    @Test
    void passesOnNoRequestThatIsReadInTwoWays() {
        Fuzz.run("requests", ROUNDS, random -> {
            NearlyHttp nearly = new NearlyHttp(random);
            String bytes = nearly.requests();
            Passage here = Passage.ofRequests(List.of(bytes));
            Passage inParts = Passage.ofRequests(nearly.divided(bytes));
            isSame(here, inParts, bytes);
            compare("Netty", here.reading(), Reading.ofRequestsByNetty(bytes), here, bytes);
            compare("HttpCore", here.reading(), Reading.ofRequestsByHttpCore(bytes), here, bytes);
            Reading sent = new Reading(here.passedMessages(), End.NOTHING);
            compare("Netty behind", sent, Reading.ofRequestsByNetty(here.passed()), here, bytes);
            noneMore(sent, Reading.ofRequestsByNetty(inParts.passedInPart()), bytes);
            compare("HttpCore behind", sent, Reading.ofRequestsByHttpCore(here.passed()), here, bytes);
            count(here);
        });
        tell();
    }

    @Test
    void passesOnNoResponseThatIsReadInTwoWays() {
        List<RequestHead> requests = List.of(
                Passage.request("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Passage.request("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Passage.request("POST / HTTP/1.0\r\n\r\n"),
                Passage.request("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
        Fuzz.run("responses", ROUNDS, random -> {
            NearlyHttp nearly = new NearlyHttp(random);
            List<RequestHead> asked = random.ints(3, 0, requests.size())
                    .mapToObj(i -> requests.get(Math.min(i, random.nextInt(requests.size()))))
                    .toList();
            String bytes = nearly.response() + nearly.response() + nearly.response();
            Passage here = Passage.ofResponses(List.of(bytes), asked);
            Passage inParts = Passage.ofResponses(nearly.divided(bytes), asked);
            isSame(here, inParts, bytes);
            compare("Netty", here.reading(), Reading.ofResponsesByNetty(bytes, here.methods()), here, bytes);
            compare("HttpCore", here.reading(), Reading.ofResponsesByHttpCore(bytes, here.methods()), here, bytes);
            Reading sent = new Reading(here.passedMessages(), End.NOTHING);
            compare("Netty before", sent, Reading.ofResponsesByNetty(here.passed(), here.methods()), here, bytes);
            noneMore(sent, Reading.ofResponsesByNetty(inParts.passedInPart(), inParts.methods()), bytes);
            compare("HttpCore before", sent, Reading.ofResponsesByHttpCore(here.passed(), here.methods()), here, bytes);
            count(here);
        });
        tell();
    }

    private static void isSame(Passage whole, Passage inParts, String bytes) {
        assertThat(inParts.reading()).as("in parts: %s", Fuzz.escaped(bytes)).isEqualTo(whole.reading());
        assertThat(inParts.passed()).as("in parts: %s", Fuzz.escaped(bytes)).isEqualTo(whole.passed());
    }

    /** The messages that passed have to be the first ones there, and behind what is passed on there is nothing. */
    private void compare(String who, Reading here, Reading there, Passage passage, String bytes) {
        int same = 0;
        List<Message> mine = here.messages();
        List<Message> theirs = there.messages();
        while (same < mine.size() && same < theirs.size() && mine.get(same).equals(theirs.get(same))) {
            same++;
        }
        boolean isAll =
                same == mine.size() && (!who.contains(" ") || (there.end() == End.NOTHING && theirs.size() == same));
        if (isAll) {
            return;
        }
        String message =
                passage.originals().get(Math.min(same, passage.originals().size() - 1));
        for (Known known : Known.values()) {
            boolean applies = known.where == Known.Where.ARRIVED
                    ? !who.contains(" ")
                    : there.end() == End.REFUSED && theirs.size() == same;
            if (applies && known.message.matcher(message).find()) {
                found.merge(known, 1, Integer::sum);
                return;
            }
        }
        throw new AssertionError("message " + same + " of\n" + Fuzz.escaped(bytes) + "\nis here " + here + "\nand for "
                + who + " " + there);
    }

    /** As long as a message is not all here, it is not for the other one either. */
    private static void noneMore(Reading here, Reading there, String bytes) {
        assertThat(there.messages())
                .as("in part of %s", Fuzz.escaped(bytes))
                .hasSizeLessThanOrEqualTo(here.messages().size());
    }

    private void count(Passage here) {
        passed += here.passedMessages().size();
        refused += here.reading().end() == End.REFUSED ? 1 : 0;
    }

    private void tell() {
        System.out.println(passed + " messages passed on, " + refused + " refused; read otherwise: " + found);
        assertThat(Passage.inUse()).as("bytes in use").isZero();
        assertThat(passed).isGreaterThan(ROUNDS / 2);
        assertThat(refused).isGreaterThan(ROUNDS / 10);
    }
}
