package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The request line and the fields of a request, as far as they matter to a proxy, read by the strict rules of <a
 * href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>: where a message could be framed in two ways, or be for two hosts,
 * it is refused.
 */
final class RequestHead {
    private static final byte[] CHUNKED = ascii("chunked");
    private static final byte[] CLOSE = ascii("close");
    private static final byte[] KEEP_ALIVE = ascii("keep-alive");
    private static final byte[] UPGRADE = ascii("upgrade");
    private static final byte[] H2C = ascii("h2c");
    private static final byte[] HTTP = ascii("http://");
    private static final byte[] HTTPS = ascii("https://");
    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] CONNECTION_UPGRADE = ascii("Connection: upgrade\r\n");
    private static final byte[] HOST = ascii("Host: ");
    private static final byte[] END_OF_LINE = ascii("\r\n");
    private static final boolean[] OF_HOSTS = new boolean[256];

    static {
        for (int c = 0x21; c < 0x7f; c++) {
            OF_HOSTS[c] = Character.isLetterOrDigit(c) || "-._~%!$&'()*+,;=:[]".indexOf(c) >= 0;
        }
    }

    private final Fields fields;
    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private int authorityStart;
    private int authorityEnd;
    private boolean old;
    private boolean toHead;
    private boolean idempotent;
    private int host = -1;
    private long length;
    private boolean lengthGiven;
    private boolean transferCoding;
    private boolean close;
    private boolean keepAlive;
    private boolean upgrade;
    private boolean upgradeNamed;
    private boolean h2c;

    private RequestHead(Fields fields) {
        this.fields = fields;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /** Reads a request whose header section is in the fields of the thread. */
    static RequestHead parse(Fields fields) throws Malformed {
        RequestHead head = new RequestHead(fields);
        head.parseLine();
        for (int i = 0; i < fields.count(); i++) {
            KnownField field = fields.known(i);
            if (field != null) {
                head.parse(i, field);
            }
        }
        head.check();
        fields.dropThoseOfConnection();
        return head;
    }

    private void parseLine() throws Malformed {
        byte[] bytes = fields.bytes;
        int end = fields.firstLineEnd();
        methodEnd = fields.endOfToken(0);
        targetStart = methodEnd + 1;
        targetEnd = targetStart;
        while ((bytes[targetEnd] & 0xff) > ' ' && bytes[targetEnd] != 0x7f) {
            targetEnd++;
        }
        if (methodEnd == 0 || bytes[methodEnd] != ' ' || targetEnd == targetStart || bytes[targetEnd] != ' ') {
            throw new Malformed("its first line is not a method, a target and a version, one space between each");
        }
        parseVersion(bytes, targetEnd + 1, end);
        String method = new String(bytes, 0, methodEnd, US_ASCII);
        toHead = method.equals("HEAD");
        idempotent = switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
            case "CONNECT" -> throw new Malformed(405, "this is no proxy to other hosts");
            default -> false;
        };
        parseTarget(method);
    }

    private void parseVersion(byte[] bytes, int from, int end) throws Malformed {
        boolean http = end - from == 8 && new String(bytes, from, 5, US_ASCII).equals("HTTP/");
        if (!http || bytes[from + 6] != '.') {
            throw new Malformed("its first line does not end with a version of HTTP");
        }
        if (bytes[from + 5] != '1' || bytes[from + 7] < '0' || bytes[from + 7] > '1') {
            throw new Malformed(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
        }
        old = bytes[from + 7] == '0';
    }

    private void parseTarget(String method) throws Malformed {
        byte first = fields.bytes[targetStart];
        boolean asterisk = first == '*' && targetEnd == targetStart + 1 && method.equals("OPTIONS");
        if (first == '/' || asterisk) {
            return;
        }
        int scheme = fields.startsWith(targetStart, targetEnd, HTTP)
                ? HTTP.length
                : fields.startsWith(targetStart, targetEnd, HTTPS) ? HTTPS.length : 0;
        authorityStart = targetStart + scheme;
        authorityEnd = authorityStart;
        while (authorityEnd < targetEnd && OF_HOSTS[fields.bytes[authorityEnd] & 0xff]) {
            authorityEnd++;
        }
        boolean path = authorityEnd < targetEnd && fields.bytes[authorityEnd] == '/';
        if (scheme == 0 || authorityEnd == authorityStart || !path) {
            throw new Malformed("its target is neither a path nor a URL with one");
        }
        targetStart = authorityEnd;
    }

    private void parse(int i, KnownField field) throws Malformed {
        switch (field) {
            case HOST -> parseHost(i);
            case CONTENT_LENGTH -> parseLength(i);
            case TRANSFER_ENCODING -> parseCoding(i);
            case CONNECTION -> {
                close |= fields.hasItem(i, CLOSE);
                keepAlive |= fields.hasItem(i, KEEP_ALIVE);
                upgrade |= fields.hasItem(i, UPGRADE);
            }
            // Who lets h2c through is past all that a proxy would look at; without it, the backend answers in HTTP/1.1.
            case UPGRADE -> {
                upgradeNamed = true;
                h2c |= fields.hasItem(i, H2C);
            }
            default -> {}
        }
    }

    private void parseHost(int i) throws Malformed {
        if (host >= 0) {
            throw new Malformed("it has more than one Host");
        }
        host = i;
        for (int at = fields.valueStart(i); at < fields.valueEnd(i); at++) {
            if (!OF_HOSTS[fields.bytes[at] & 0xff]) {
                throw new Malformed("its Host has a character that none may have");
            }
        }
    }

    private void parseLength(int i) throws Malformed {
        if (lengthGiven) {
            throw new Malformed("it has more than one Content-Length");
        }
        lengthGiven = true;
        length = fields.length(i);
    }

    private void parseCoding(int i) throws Malformed {
        if (transferCoding) {
            throw new Malformed("it has more than one Transfer-Encoding");
        }
        if (!fields.isValue(i, CHUNKED)) {
            throw new Malformed(501, "its Transfer-Encoding is another one than \"chunked\"");
        }
        transferCoding = true;
    }

    private void check() throws Malformed {
        if (transferCoding && lengthGiven) {
            throw new Malformed("it has both Content-Length and Transfer-Encoding");
        }
        if (transferCoding && old) {
            throw new Malformed("it has a Transfer-Encoding, which HTTP/1.0 does not know");
        }
        if (host < 0 && !old) {
            throw new Malformed("it has no Host");
        }
        boolean both = host >= 0 && authorityEnd > authorityStart;
        if (both && !fields.isEqual(authorityStart, authorityEnd, fields.valueStart(host), fields.valueEnd(host))) {
            throw new Malformed("its Host is another one than its target has");
        }
        length = transferCoding ? Body.CHUNKED : length;
        upgrade = upgrade && upgradeNamed && !h2c && length == 0 && !old;
    }

    /** Returns the first line and the host, for a record of it; to be called before another one is read in this thread. */
    Described described() {
        return new Described(new String(fields.bytes, 0, fields.firstLineEnd(), ISO_8859_1), host());
    }

    /** Returns whom it is for; to be called before another one is read in this thread. */
    String host() {
        int from = host >= 0 ? fields.valueStart(host) : authorityStart;
        int to = host >= 0 ? fields.valueEnd(host) : authorityEnd;
        return new String(fields.bytes, from, to - from, ISO_8859_1);
    }

    /** Returns its path and query; to be called before another one is read in this thread. */
    String target() {
        return new String(fields.bytes, targetStart, targetEnd - targetStart, ISO_8859_1);
    }

    /** What a record has of a request. */
    record Described(String line, String host) {}

    /** Returns the request as it is passed on; to be called before another one is read in this thread. */
    ByteBuf passedOn(ByteBufAllocator allocator, Forwarding forwarding) {
        if (upgrade) {
            keepUpgrade();
        }
        forwarding.drop(fields);
        int from = host >= 0 ? fields.valueStart(host) : authorityStart;
        int size = host >= 0 ? fields.valueEnd(host) - from : authorityEnd - from;
        ByteBuf out = allocator.directBuffer(fields.size() + forwarding.size() + 2 * size + 64);
        out.writeBytes(fields.bytes, 0, methodEnd + 1);
        out.writeBytes(fields.bytes, targetStart, targetEnd - targetStart).writeBytes(VERSION);
        fields.writeTo(out);
        if (host < 0) {
            out.writeBytes(HOST).writeBytes(fields.bytes, from, size).writeBytes(END_OF_LINE);
        }
        if (upgrade) {
            out.writeBytes(CONNECTION_UPGRADE);
        }
        forwarding.writeTo(out, fields.bytes, from, size);
        return out.writeBytes(END_OF_LINE);
    }

    private void keepUpgrade() {
        for (int i = 0; i < fields.count(); i++) {
            if (fields.known(i) == KnownField.UPGRADE) {
                fields.keep(i);
            }
        }
    }

    /** Returns the length of the body, or {@link Body#CHUNKED}. */
    long length() {
        return length;
    }

    /** Returns whether the client speaks HTTP/1.0: it knows no chunks and no interim responses. */
    boolean isOld() {
        return old;
    }

    /** Returns whether the response has no body, whatever its fields say. */
    boolean isToHead() {
        return toHead;
    }

    /** Returns whether it does no harm to send it twice, and all of it is in the header section. */
    boolean isRepeatable() {
        return idempotent && length == 0 && !upgrade;
    }

    /** Returns whether the client wants to send more on the same connection. */
    boolean keepsAlive() {
        return old ? keepAlive && !close : !close;
    }

    /** Returns whether the connection is to become one of another protocol, should the backend agree. */
    boolean isUpgrade() {
        return upgrade;
    }
}
