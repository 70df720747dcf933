package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/** Tells by its first bytes what comes to an HTTP port and is to be relayed as it is: TLS, and HTTP/2 without it. */
final class OtherProtocol {
    /** The type of a record with a ClientHello (RFC 8446, section 5.1); no method begins so. */
    private static final int HANDSHAKE = 0x16;

    /** How an HTTP/2 connection begins (RFC 9113, section 3.4), as far as it could be a request. */
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n".getBytes(US_ASCII);

    private OtherProtocol() {}

    static boolean isIt(ByteBuf start) {
        return start.getByte(start.readerIndex()) == HANDSHAKE || matching(start) == PREFACE.length;
    }

    /** Returns whether more has to come to tell. */
    static boolean mayBeIt(ByteBuf start) {
        int matching = matching(start);
        return matching == start.readableBytes() && matching < PREFACE.length;
    }

    private static int matching(ByteBuf start) {
        int length = Math.min(PREFACE.length, start.readableBytes());
        for (int i = 0; i < length; i++) {
            if (start.getByte(start.readerIndex() + i) != PREFACE[i]) {
                return i;
            }
        }
        return length;
    }
}
