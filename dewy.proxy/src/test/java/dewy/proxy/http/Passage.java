package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dewy.proxy.http.Reading.End;
import dewy.proxy.http.Reading.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/** What becomes of the bytes that arrive on a connection, as long as there is a whole message that is to be passed on. */
final class Passage {
    private static final int LIMIT = 32 << 10;
    /** Nobody looks for forgotten buffers here, which takes long; they are counted. */
    private static final UnpooledByteBufAllocator BUFFERS = new UnpooledByteBufAllocator(false, true);

    private static final Forwarding FORWARDING = Forwarding.of(new EmbeddedChannel());

    private final Incoming incoming = new Incoming();
    private final Body body = new Body();
    private final List<Message> messages = new ArrayList<>();
    private final List<String> originals = new ArrayList<>();
    private final List<Message> passedMessages = new ArrayList<>();
    private final StringBuilder passed = new StringBuilder();
    private final List<String> methods = new ArrayList<>();
    private End end = End.NOTHING;

    /** What it was asked for, where these are responses. */
    private final List<RequestHead> asked;

    private final boolean areRequests;
    private boolean inBody;
    private boolean isOver;
    private boolean isAnswered;
    private boolean isLast;
    private boolean isChunked;
    private boolean isPlain;
    private boolean isDropped;
    private String start = "";
    private String passedStart = "";
    private final StringBuilder original = new StringBuilder();
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder data = new StringBuilder();

    private Passage(boolean areRequests, List<RequestHead> asked) {
        this.areRequests = areRequests;
        this.asked = asked;
    }

    /** Reads requests that arrive in parts. */
    static Passage ofRequests(List<String> parts) {
        return new Passage(true, List.of()).read(parts);
    }

    /** Reads responses that arrive in parts, each to one of some requests, until the connection is closed. */
    static Passage ofResponses(List<String> parts, List<RequestHead> asked) {
        return new Passage(false, asked).read(parts);
    }

    static RequestHead request(String text) {
        try {
            return RequestHead.parse(fields(text));
        } catch (Malformed e) {
            throw new IllegalArgumentException(e.why(), e);
        }
    }

    private static Fields fields(String text) throws Malformed {
        Fields fields = Fields.ofThread();
        fields.read(Unpooled.copiedBuffer(text, ISO_8859_1), text.length());
        return fields;
    }

    /** Returns how many bytes of buffers were not given back. */
    static long inUse() {
        return BUFFERS.metric().usedHeapMemory() + BUFFERS.metric().usedDirectMemory();
    }

    /** Returns what was read, until it ended or was refused. */
    Reading reading() {
        return new Reading(messages, end);
    }

    /** Returns whether the last message says that none is behind it. */
    boolean isLast() {
        return isOver;
    }

    /** Returns whether all that was asked for was answered before the connection was closed. */
    boolean isAnswered() {
        return isAnswered;
    }

    /** Returns the bytes of each of the messages, as they came. */
    List<String> originals() {
        return originals;
    }

    /** Returns the messages as they were passed on. */
    List<Message> passedMessages() {
        return passedMessages;
    }

    /** Returns the bytes that were passed on, of whole messages alone. */
    String passed() {
        return passed.toString();
    }

    /** Returns besides what was passed on of a message that was not all there, unless a reset is what says so. */
    String passedInPart() {
        return isPlain ? passed.toString() : passed.toString() + out;
    }

    /** Returns the methods of the requests. */
    List<String> methods() {
        return methods;
    }

    private Passage read(List<String> parts) {
        try {
            for (String part : parts) {
                incoming.add(BUFFERS.buffer().writeBytes(part.getBytes(ISO_8859_1)));
                boolean goesOn = true;
                while (goesOn && incoming.size() > 0 && !isOver) {
                    goesOn = (inBody || readHead()) && passBody();
                }
            }
            end = !isOver && (incoming.size() > 0 || inBody) ? End.PART : End.NOTHING;
            isAnswered = !inBody && methods.size() == asked.size();
            if (inBody && body.isUntilClose()) {
                complete();
                end = End.NOTHING;
            }
        } catch (Malformed e) {
            end = End.REFUSED;
        } finally {
            incoming.release();
        }
        return this;
    }

    private boolean readHead() throws Malformed {
        int before = incoming.size();
        ByteBuf all = incoming.bytes();
        int from = all.readerIndex();
        int length = incoming.findHead(LIMIT);
        if (length < 0) {
            return false;
        }
        original.setLength(0);
        original.append(all.toString(from, before - all.readableBytes() + length, ISO_8859_1));
        Fields fields = Fields.ofThread();
        fields.read(all, length);
        incoming.clean();
        ByteBuf head = areRequests ? requestOf(fields) : responseOf(fields);
        out.append(head.toString(ISO_8859_1));
        head.release();
        inBody = true;
        return true;
    }

    private ByteBuf requestOf(Fields fields) throws Malformed {
        RequestHead request = RequestHead.parse(fields);
        String[] line = request.described().line().split(" ", -1);
        start = line[0] + " " + line[1];
        passedStart = line[0] + " " + request.target();
        isLast = !request.keepsAlive();
        begin(request.length());
        methods.add(line[0]);
        return request.passedOn(BUFFERS, FORWARDING);
    }

    private ByteBuf responseOf(Fields fields) throws Malformed {
        RequestHead request = asked.get(methods.size());
        ResponseHead response = ResponseHead.parse(fields, request);
        if (response.status() == 101) {
            throw new Malformed("nobody asked for another protocol");
        }
        boolean isInterim = response.isInterim();
        isDropped = isInterim && request.isOld();
        start = "" + response.status();
        passedStart = start;
        isPlain = !isInterim && request.isOld() && response.length() == Body.CHUNKED;
        boolean endsByClose = !isInterim && (isPlain || response.length() == Body.UNTIL_CLOSE);
        boolean last = !isInterim && (endsByClose || !request.keepsAlive());
        if (!isInterim) {
            methods.add(request.isToHead() ? "HEAD" : "GET");
        }
        isLast = last || (!isInterim && (!response.keepsAlive() || methods.size() == asked.size()));
        begin(isInterim ? 0 : response.length());
        return response.passedOn(BUFFERS, request, last, 0);
    }

    private void begin(long length) {
        body.begin(length);
        isChunked = length == Body.CHUNKED;
    }

    /** Returns whether it can go on with what has arrived. */
    private boolean passBody() throws Malformed {
        if (incoming.size() > 0 && !body.isDone() && !body.isAtTrailers()) {
            ByteBuf bytes = incoming.bytes();
            ByteBuf decoded = Unpooled.buffer();
            int from = bytes.readerIndex();
            int taken = body.take(bytes, decoded);
            String raw = bytes.toString(from, taken, ISO_8859_1);
            bytes.skipBytes(taken);
            incoming.clean();
            String some = isChunked ? decoded.toString(ISO_8859_1) : raw;
            data.append(some);
            original.append(raw);
            out.append(isPlain ? some : raw);
        }
        boolean goesOn = !body.isAtTrailers() || passTrailers();
        if (body.isDone()) {
            complete();
        }
        return goesOn;
    }

    private boolean passTrailers() throws Malformed {
        String rest = incoming.bytes().toString(ISO_8859_1);
        ByteBuf trailers = body.passOn(incoming);
        if (trailers == null) {
            return false;
        }
        original.append(rest, 0, rest.length() - incoming.size());
        out.append(isPlain ? "" : trailers.toString(ISO_8859_1));
        trailers.release();
        return true;
    }

    private void complete() {
        inBody = false;
        messages.add(new Message(start, data.toString()));
        originals.add(original.toString());
        if (!isDropped) {
            passedMessages.add(new Message(passedStart, data.toString()));
            passed.append(out);
        }
        out.setLength(0);
        data.setLength(0);
        isOver = isLast;
    }
}
