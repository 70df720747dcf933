package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The status line and the fields of a response, as far as they matter to a proxy; read as strictly as a request is. */
final class ResponseHead {
    private static final byte[] CHUNKED = "chunked".getBytes(US_ASCII);
    private static final byte[] CLOSE = "close".getBytes(US_ASCII);
    private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(US_ASCII);
    private static final byte[] VERSION = "HTTP/1.1".getBytes(US_ASCII);
    private static final byte[] CONNECTION_CLOSE = "Connection: close\r\n".getBytes(US_ASCII);
    private static final byte[] CONNECTION_KEEP_ALIVE = "Connection: keep-alive\r\n".getBytes(US_ASCII);
    private static final byte[] CONNECTION_UPGRADE = "Connection: upgrade\r\n".getBytes(US_ASCII);
    private static final byte[] END_OF_LINE = "\r\n".getBytes(US_ASCII);

    private final Fields fields;
    private int status;
    private boolean old;
    private long length = Body.UNTIL_CLOSE;
    private int lengthField = -1;
    private int codingField = -1;
    private boolean close;
    private boolean keepAlive;

    private ResponseHead(Fields fields) {
        this.fields = fields;
    }

    /** Reads a response whose header section is in the fields of the thread, to the request that was sent. */
    static ResponseHead parse(Fields fields, RequestHead request) throws Malformed {
        ResponseHead head = new ResponseHead(fields);
        head.parseLine();
        for (int i = 0; i < fields.count(); i++) {
            KnownField field = fields.known(i);
            if (field != null) {
                head.parse(i, field);
            }
        }
        fields.dropThoseOfConnection();
        head.frame(request);
        return head;
    }

    private void parseLine() throws Malformed {
        byte[] bytes = fields.bytes;
        int end = fields.firstLineEnd();
        boolean well = end >= 12
                && new String(bytes, 0, 7, US_ASCII).equals("HTTP/1.")
                && (bytes[7] == '0' || bytes[7] == '1')
                && bytes[8] == ' '
                && (end == 12 || bytes[12] == ' ');
        for (int i = 9; i < 12 && well; i++) {
            int digit = bytes[i] - '0';
            well = digit >= 0 && digit <= 9;
            status = status * 10 + digit;
        }
        for (int i = 12; i < end && well; i++) {
            well = Fields.isText(bytes[i] & 0xff);
        }
        if (!well || status < 100) {
            throw new Malformed("it does not begin with HTTP/1.1 and a status");
        }
        old = bytes[7] == '0';
    }

    private void parse(int i, KnownField field) throws Malformed {
        switch (field) {
            case CONTENT_LENGTH -> {
                if (lengthField >= 0) {
                    throw new Malformed("it has more than one Content-Length");
                }
                lengthField = i;
                length = fields.length(i);
            }
            case TRANSFER_ENCODING -> {
                if (codingField >= 0 || !fields.isValue(i, CHUNKED)) {
                    throw new Malformed("its Transfer-Encoding is another one than \"chunked\"");
                }
                codingField = i;
            }
            case CONNECTION -> {
                close |= fields.hasItem(i, CLOSE);
                keepAlive |= fields.hasItem(i, KEEP_ALIVE);
            }
            default -> {}
        }
    }

    private void frame(RequestHead request) {
        if (codingField >= 0) {
            length = Body.CHUNKED;
            if (lengthField >= 0) {
                fields.drop(lengthField);
            }
            if (request.isOld()) {
                fields.drop(codingField);
            }
        }
        if (request.isToHead() || status < 200 || status == 204 || status == 304) {
            length = 0;
        }
    }

    /**
     * Returns the response as it is passed on; to be called before another one is read in this thread.
     *
     * @param room for what is written behind it
     */
    ByteBuf passedOn(ByteBufAllocator allocator, RequestHead request, boolean last, int room) {
        if (status == 101 || status == 426) {
            keepUpgrade();
        }
        ByteBuf out = allocator.directBuffer(fields.size() + CONNECTION_KEEP_ALIVE.length + room);
        out.writeBytes(VERSION).writeBytes(fields.bytes, 8, fields.firstLineEnd() - 6);
        fields.writeTo(out);
        if (status == 101) {
            out.writeBytes(CONNECTION_UPGRADE);
        } else if (last) {
            out.writeBytes(CONNECTION_CLOSE);
        } else if (request.isOld()) {
            out.writeBytes(CONNECTION_KEEP_ALIVE);
        }
        return out.writeBytes(END_OF_LINE);
    }

    private void keepUpgrade() {
        for (int i = 0; i < fields.count(); i++) {
            if (fields.known(i) == KnownField.UPGRADE) {
                fields.keep(i);
            }
        }
    }

    int status() {
        return status;
    }

    /** Returns whether another one follows to the same request. */
    boolean isInterim() {
        return status < 200 && status != 101;
    }

    /** Returns the length of the body, {@link Body#CHUNKED} or {@link Body#UNTIL_CLOSE}. */
    long length() {
        return length;
    }

    /** Returns whether the backend takes another request on the same connection, once all of this has arrived. */
    boolean keepsAlive() {
        // Who speaks HTTP/1.0 knows of no chunks: RFC 9112 (6.1) has one not believe that the next response begins
        // behind them.
        return length != Body.UNTIL_CLOSE && (old ? keepAlive && !close && codingField < 0 : !close);
    }
}
