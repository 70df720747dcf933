package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.proxy.Admission;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * An answer of the proxy itself.
 *
 * @param status its status
 * @param text what is wrong, and what to do about it, in a line; or a page
 * @param isPage whether the text is all that is shown, in HTML where it begins so
 * @param retryAfter in how many seconds the client may ask again; told with the status 503
 */
record Refusal(int status, String text, boolean isPage, long retryAfter) {
    static final Refusal SLOW = new Refusal(
            408,
            "no request came in time. Where the server speaks first, the proxy has to relay: set --proxy-mode tcp");
    static final Refusal SLOW_BODY = new Refusal(408, "the rest of the request did not come in time");
    static final Refusal PLAIN = new Refusal(400, "this port speaks TLS, and got a request without it. Ask https://");
    static final Refusal UNKNOWN = new Refusal(404, "no app answers to this host and path");
    static final Refusal NO_BACKEND = new Refusal(503, "there is nothing that serves this now. Try again soon");
    static final Refusal NO_ANSWER = new Refusal(504, "the backend did not answer in time");
    static final Refusal LOST = new Refusal(502, "the backend closed the connection before it answered");
    static final Refusal CUT = new Refusal(503, "the backend has gone before it answered. Try again");

    private Refusal(int status, String text) {
        this(status, text, false, 1);
    }

    static Refusal of(Admission maintenance) {
        return new Refusal(
                503, maintenance.page(), true, maintenance.retryAfter().toSeconds());
    }

    static Refusal of(Malformed request) {
        return new Refusal(request.status(), "the request is not one of HTTP/1.1: " + request.why());
    }

    static Refusal ofResponse(Malformed response) {
        return new Refusal(
                502,
                "the backend did not answer in HTTP/1.1: " + response.why()
                        + ". For another protocol, the proxy has to relay: set --proxy-mode tcp");
    }

    /** Returns whether it is the fault of a backend, or of there being none. */
    boolean isFailure() {
        return status >= 502 && status <= 504;
    }

    ByteBuf response(ByteBufAllocator allocator, boolean toHead, boolean last) {
        byte[] body = (isPage ? text : status + " " + reason() + ": " + text + ".\n").getBytes(UTF_8);
        String type = isPage && text.startsWith("<") ? "text/html" : "text/plain";
        String head = "HTTP/1.1 " + status + " " + reason() + "\r\nContent-Type: " + type
                + "; charset=utf-8\r\nContent-Length: "
                + body.length + "\r\n" + (status == 503 ? "Retry-After: " + retryAfter + "\r\n" : "")
                + (last ? "Connection: close\r\n\r\n" : "\r\n");
        ByteBuf out = allocator.directBuffer(head.length() + body.length);
        out.writeCharSequence(head, UTF_8);
        return toHead ? out : out.writeBytes(body);
    }

    private String reason() {
        return switch (status) {
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "Refused";
        };
    }
}
