package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.http.ConnectionClosedException;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpRequestFactory;
import org.apache.http.NoHttpResponseException;
import org.apache.http.RequestLine;
import org.apache.http.config.MessageConstraints;
import org.apache.http.entity.ContentLengthStrategy;
import org.apache.http.impl.DefaultHttpRequestFactory;
import org.apache.http.impl.entity.LaxContentLengthStrategy;
import org.apache.http.impl.io.ChunkedInputStream;
import org.apache.http.impl.io.ContentLengthInputStream;
import org.apache.http.impl.io.DefaultHttpRequestParser;
import org.apache.http.impl.io.DefaultHttpResponseParser;
import org.apache.http.impl.io.HttpTransportMetricsImpl;
import org.apache.http.impl.io.IdentityInputStream;
import org.apache.http.impl.io.SessionInputBufferImpl;
import org.apache.http.message.BasicHttpRequest;

/**
 * What is read in all that one side of a connection sent: by Netty, which is about as strict as it is here, and by HttpCore,
 * which takes much that it is told for a message.
 *
 * @param messages those that are there as a whole, until one is not
 * @param end what is behind the last of them
 */
record Reading(List<Message> messages, End end) {
    private static final int LIMIT = 64 << 10;
    private static final HttpDecoderConfig NETTY =
            new HttpDecoderConfig().setMaxInitialLineLength(LIMIT).setMaxHeaderSize(LIMIT);
    private static final HttpRequestFactory OF_ANY_METHOD = new DefaultHttpRequestFactory() {
        @Override
        public HttpRequest newHttpRequest(RequestLine line) {
            return new BasicHttpRequest(line);
        }
    };

    /**
     * A message.
     *
     * @param start method and target, or the status
     * @param body without its framing
     */
    record Message(String start, String body) {}

    enum End {
        NOTHING,
        PART,
        REFUSED
    }

    static Reading ofRequestsByNetty(String bytes) {
        return byNetty(bytes, new HttpRequestDecoder(NETTY));
    }

    /** Reads responses to requests with those methods. */
    static Reading ofResponsesByNetty(String bytes, List<String> methods) {
        Iterator<String> asked = methods.iterator();
        return byNetty(bytes, new HttpResponseDecoder(NETTY) {
            @Override
            protected boolean isContentAlwaysEmpty(HttpMessage message) {
                boolean isInterim = ((HttpResponse) message).status().code() < 200;
                boolean isToHead = !isInterim && asked.hasNext() && asked.next().equals("HEAD");
                return isToHead || super.isContentAlwaysEmpty(message);
            }
        });
    }

    private static Reading byNetty(String bytes, HttpObjectDecoder decoder) {
        List<Message> messages = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
        channel.finish();
        End end = End.NOTHING;
        String start = "";
        StringBuilder body = new StringBuilder();
        for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
            if (read instanceof HttpObject object && object.decoderResult().isFailure()) {
                boolean isPart = String.valueOf(object.decoderResult().cause()).contains("PrematureChannelClosure");
                end = isPart ? End.PART : End.REFUSED;
                ReferenceCountUtil.release(read);
                break;
            }
            if (read instanceof HttpMessage message) {
                start = startOf(message);
                body.setLength(0);
                end = End.PART;
            }
            if (read instanceof HttpContent content) {
                body.append(content.content().toString(ISO_8859_1));
            }
            if (read instanceof LastHttpContent) {
                messages.add(new Message(start, body.toString()));
                end = End.NOTHING;
            }
            ReferenceCountUtil.release(read);
        }
        channel.releaseInbound();
        return new Reading(messages, end);
    }

    private static String startOf(HttpMessage message) {
        return message instanceof io.netty.handler.codec.http.HttpRequest request
                ? request.method() + " " + request.uri()
                : String.valueOf(((HttpResponse) message).status().code());
    }

    static Reading ofRequestsByHttpCore(String bytes) {
        SessionInputBufferImpl in = bufferOf(new ByteArrayInputStream(bytes.getBytes(ISO_8859_1)));
        return byHttpCore(() -> nextRequest(in));
    }

    static SessionInputBufferImpl bufferOf(InputStream from) {
        SessionInputBufferImpl in = new SessionInputBufferImpl(new HttpTransportMetricsImpl(), 8192);
        in.bind(from);
        return in;
    }

    /** Reads a request from a connection, and its body; fails when none comes. */
    static Message nextRequest(SessionInputBufferImpl in) throws IOException, HttpException {
        HttpRequest request = new DefaultHttpRequestParser(in, null, OF_ANY_METHOD, MessageConstraints.DEFAULT).parse();
        long length = LaxContentLengthStrategy.INSTANCE.determineLength(request);
        String start = request.getRequestLine().getMethod() + " "
                + request.getRequestLine().getUri();
        // Without a length, a request ends where its header section does.
        return new Message(start, length == ContentLengthStrategy.IDENTITY ? "" : body(in, length));
    }

    /** Reads responses to requests with those methods. */
    static Reading ofResponsesByHttpCore(String bytes, List<String> methods) {
        SessionInputBufferImpl in = bufferOf(new ByteArrayInputStream(bytes.getBytes(ISO_8859_1)));
        DefaultHttpResponseParser parser = new DefaultHttpResponseParser(in);
        Iterator<String> asked = methods.iterator();
        return byHttpCore(() -> {
            var response = parser.parse();
            int status = response.getStatusLine().getStatusCode();
            boolean isToHead = status >= 200 && asked.hasNext() && asked.next().equals("HEAD");
            boolean hasNone = isToHead || status < 200 || status == 204 || status == 304;
            return new Message(
                    "" + status, hasNone ? "" : body(in, LaxContentLengthStrategy.INSTANCE.determineLength(response)));
        });
    }

    private static String body(SessionInputBufferImpl in, long length) throws IOException {
        if (length == ContentLengthStrategy.CHUNKED) {
            return new String(new ChunkedInputStream(in).readAllBytes(), ISO_8859_1);
        }
        if (length == ContentLengthStrategy.IDENTITY) {
            return new String(new IdentityInputStream(in).readAllBytes(), ISO_8859_1);
        }
        return new String(new ContentLengthInputStream(in, length).readAllBytes(), ISO_8859_1);
    }

    private interface Next {
        Message message() throws IOException, HttpException;
    }

    private static Reading byHttpCore(Next next) {
        List<Message> messages = new ArrayList<>();
        try {
            while (true) {
                messages.add(next.message());
            }
        } catch (NoHttpResponseException e) {
            return new Reading(messages, End.NOTHING);
        } catch (ConnectionClosedException e) {
            boolean isNothing = "Client closed connection".equals(e.getMessage());
            return new Reading(messages, isNothing ? End.NOTHING : End.PART);
        } catch (IOException | HttpException | RuntimeException e) {
            return new Reading(messages, End.REFUSED);
        }
    }
}
