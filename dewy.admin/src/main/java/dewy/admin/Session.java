package dewy.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dewy.api.DewyException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: its requests are answered one after the other. Whatever asks the agent is done by the workers, since it may
 * have to wait; the rest on the event loop.
 */
final class Session extends SimpleChannelInboundHandler<FullHttpRequest> {
    static final String EVENTS = "/api/events";

    private static final Logger LOG = LoggerFactory.getLogger("dewy.admin");
    private static final int MOST_PARAMETERS = 16;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final List<Route> routes;
    private final Gate gate;
    private final Feeds feeds;
    private final Executor workers;
    private final Duration limit;
    private final Caller peer;
    private @Nullable Runnable patience;

    /**
     * @param routes what can be asked for, beside the events
     * @param limit how long a request may take to be there
     * @param peer who is at the other end, as far as the connection tells
     */
    Session(List<Route> routes, Gate gate, Feeds feeds, Executor workers, Duration limit, Caller peer) {
        this.routes = routes;
        this.gate = gate;
        this.feeds = feeds;
        this.workers = workers;
        this.limit = limit;
        this.peer = peer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        awaitRequest(context);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        endPatience();
        boolean isHead = request.method().equals(HttpMethod.HEAD);
        try {
            if (request.decoderResult().isFailure()) {
                throw unreadable(request.decoderResult().cause());
            }
            Caller caller = gate.identify(request, peer);
            QueryStringDecoder target =
                    new QueryStringDecoder(request.uri(), StandardCharsets.UTF_8, true, MOST_PARAMETERS);
            if (EVENTS.equals(target.path()) && request.method().equals(HttpMethod.GET)) {
                gate.require(Gate.Access.READ, caller);
                listen(context, target, request.headers());
                return;
            }
            List<String> segments = segments(target);
            Route route = route(isHead ? HttpMethod.GET : request.method(), segments);
            gate.require(route.access(), caller);
            Map<String, String> parameters = route.isChange() ? fields(route, request) : query(target);
            route.check(parameters);
            Route.Asked asked = new Route.Asked(caller, route.match(segments).orElseThrow(), parameters);
            workers.execute(() -> write(context, answer(route, asked), isHead));
        } catch (Refusal e) {
            write(context, refused(e), isHead);
        } catch (RejectedExecutionException e) {
            write(context, busy(), isHead);
        } catch (IllegalArgumentException e) {
            write(
                    context,
                    refused(new Refusal(HttpResponseStatus.BAD_REQUEST, "the address of the request is none: " + e)),
                    isHead);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.atDebug()
                .addKeyValue("from", peer.from())
                .addKeyValue("error", cause)
                .log("Admin connection ends");
        close(context);
    }

    private static void close(ChannelHandlerContext context) {
        var unused = context.close();
    }

    private static Refusal unreadable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new Refusal(HttpResponseStatus.REQUEST_URI_TOO_LONG, "its first line is too long");
        }
        return cause instanceof TooLongHttpHeaderException
                ? new Refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "its header is too long")
                : new Refusal(HttpResponseStatus.BAD_REQUEST, "the request is not HTTP/1.1 as it should be");
    }

    private void awaitRequest(ChannelHandlerContext context) {
        var close = context.executor().schedule(() -> close(context), limit.toMillis(), TimeUnit.MILLISECONDS);
        patience = () -> close.cancel(false);
        context.read();
    }

    private void endPatience() {
        Runnable waiting = patience;
        if (waiting != null) {
            waiting.run();
            patience = null;
        }
    }

    private Route route(HttpMethod method, List<String> segments) throws Refusal {
        List<Route> there = routes.stream()
                .filter(route -> route.match(segments).isPresent())
                .toList();
        Optional<Route> found = there.stream()
                .filter(route -> route.method().equals(method.name()))
                .findFirst();
        if (found.isPresent()) {
            return found.get();
        }
        if (there.isEmpty() && !isEvents(segments)) {
            throw new Refusal(
                    HttpResponseStatus.NOT_FOUND,
                    "there is nothing at this path. /api/openapi.json says what there is");
        }
        String methods =
                there.isEmpty() ? "GET" : there.stream().map(Route::method).collect(Collectors.joining(", "));
        throw new Refusal(
                HttpResponseStatus.METHOD_NOT_ALLOWED,
                "only " + methods + " can be done at this path",
                Map.of("allow", methods));
    }

    private static boolean isEvents(List<String> segments) {
        return segments.equals(Route.segments(EVENTS));
    }

    private static List<String> segments(QueryStringDecoder target) throws Refusal {
        String path = target.rawPath();
        if (!path.startsWith("/")) {
            throw new Refusal(HttpResponseStatus.BAD_REQUEST, "the target of the request is no path");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : Route.segments(path)) {
            // A plus is one in a path; in a query it is a space.
            segments.add(QueryStringDecoder.decodeComponent(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        return segments;
    }

    private static Map<String, String> query(QueryStringDecoder target) throws Refusal {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> each : target.parameters().entrySet()) {
            if (each.getValue().size() > 1) {
                throw new Refusal(HttpResponseStatus.BAD_REQUEST, "the parameter " + each.getKey() + " is there twice");
            }
            parameters.put(each.getKey(), each.getValue().get(0));
        }
        return parameters;
    }

    private static Map<String, String> fields(Route route, FullHttpRequest request) throws Refusal {
        if (!request.content().isReadable()) {
            return Map.of();
        }
        CharSequence type = HttpUtil.getMimeType(request);
        if (type == null || !"application/json".contentEquals(type.toString().toLowerCase(Locale.ROOT))) {
            throw new Refusal(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "the body has to be application/json");
        }
        try {
            JsonNode body = MAPPER.readTree(request.content().toString(StandardCharsets.UTF_8));
            if (!body.isObject()) {
                throw new Refusal(HttpResponseStatus.BAD_REQUEST, "the body has to be an object of JSON");
            }
            Map<String, String> fields = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> field : body.properties()) {
                Route.Parameter known = route.parameter(field.getKey());
                boolean isNumber = known.most() > 0;
                if (isNumber
                        ? !field.getValue().isIntegralNumber()
                        : !field.getValue().isTextual()) {
                    throw new Refusal(
                            HttpResponseStatus.BAD_REQUEST,
                            field.getKey() + " has to be a " + (isNumber ? "whole number" : "text"));
                }
                fields.put(field.getKey(), field.getValue().asText());
            }
            return fields;
        } catch (JsonProcessingException e) {
            throw new Refusal(HttpResponseStatus.BAD_REQUEST, "the body is no JSON: " + e.getOriginalMessage());
        }
    }

    private static Answer answer(Route route, Route.Asked asked) {
        try {
            return route.handler().answer(asked);
        } catch (Refusal e) {
            return refused(e);
        } catch (DewyException e) {
            return Answer.failure(Api.status(e), e.problem().sentence(), Map.of());
        } catch (IOException | RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue("path", route.path()).log("Admin request failure");
            return Answer.failure(
                    HttpResponseStatus.INTERNAL_SERVER_ERROR,
                    "it failed unforeseen; the agent's log says how",
                    Map.of());
        }
    }

    private static Answer refused(Refusal refusal) {
        return Answer.failure(refusal.status(), String.valueOf(refusal.getMessage()), refusal.headers());
    }

    private static Answer busy() {
        return Answer.failure(
                HttpResponseStatus.SERVICE_UNAVAILABLE,
                "too much is asked at once. Try again in a second",
                Map.of("retry-after", "1"));
    }

    private void write(ChannelHandlerContext context, Answer answer, boolean isHead) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                answer.status(),
                isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.content()));
        describe(response.headers());
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.type());
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.content().length);
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        context.executor().execute(() -> context.writeAndFlush(response).addListener(written -> {
            if (written.isSuccess() && context.channel().isActive()) {
                awaitRequest(context);
            } else {
                close(context);
            }
        }));
    }

    private void listen(ChannelHandlerContext context, QueryStringDecoder target, HttpHeaders headers) throws Refusal {
        Map<String, String> parameters = query(target);
        for (String name : parameters.keySet()) {
            if (!List.of("from", "app").contains(name)) {
                throw new Refusal(
                        HttpResponseStatus.BAD_REQUEST, EVENTS + " takes no \"" + name + "\", only from, app");
            }
        }
        String last = headers.get("last-event-id");
        long from = last != null ? number("Last-Event-ID", last) + 1 : feeds.next();
        if (last == null && parameters.containsKey("from")) {
            from = number("from", parameters.get("from"));
        }
        EventFeed feed = feeds.add(context.channel(), from, Optional.ofNullable(parameters.get("app")));
        DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        describe(head.headers());
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
        HttpUtil.setTransferEncodingChunked(head, true);
        var unused = context.writeAndFlush(head);
        context.channel().config().setAutoRead(true); // So that it is known when the listener leaves.
        feed.begin();
    }

    private static long number(String name, @Nullable String given) throws Refusal {
        if (given == null || !NUMBER.matcher(given).matches()) {
            throw new Refusal(HttpResponseStatus.BAD_REQUEST, name + " is no number of an event");
        }
        return Long.parseLong(given);
    }

    /** Has browsers take it for what it is, keep nothing, and load nothing from elsewhere. */
    private static void describe(HttpHeaders headers) {
        headers.set("cache-control", "no-store");
        headers.set("x-content-type-options", "nosniff");
        headers.set("referrer-policy", "no-referrer");
        headers.set("cross-origin-resource-policy", "same-origin");
        headers.set("content-security-policy", Pages.POLICY);
    }
}
