package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dewy.proxy.tls.Ends;
import dewy.proxy.traffic.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * What a backend is told about the client of one connection: {@code Forwarded} as in <a
 * href="https://www.rfc-editor.org/rfc/rfc7239">RFC 7239</a>, and the fields that were there before it. What a client says of
 * that kind itself is not passed on, since anybody can say so.
 */
final class Forwarding {
    private static final byte[] END_OF_HOST = "\"\r\nX-Forwarded-Host: ".getBytes(US_ASCII);
    private static final byte[] END_OF_LINE = "\r\n".getBytes(US_ASCII);

    private final String address;
    private final byte[] untilHost;

    private Forwarding(String address, byte[] untilHost) {
        this.address = address;
        this.untilHost = untilHost;
    }

    static Forwarding of(Channel client) {
        String address = Channels.nameOf(client);
        String node = address.contains(":") ? "\"[" + address + "]\"" : address;
        String scheme = Ends.isEncrypted(client) ? "https" : "http";
        String fields = "X-Forwarded-For: " + address + "\r\nX-Forwarded-Proto: " + scheme + "\r\nForwarded: for="
                + node + ";proto=" + scheme + ";host=\"";
        return new Forwarding(address, fields.getBytes(US_ASCII));
    }

    /** Returns the address of the client. */
    String address() {
        return address;
    }

    void drop(Fields fields) {
        for (int i = 0; i < fields.count(); i++) {
            KnownField field = fields.known(i);
            if (field != null && field.isOfForwarding()) {
                fields.drop(i);
            }
        }
    }

    int size() {
        return untilHost.length + END_OF_HOST.length + END_OF_LINE.length;
    }

    void writeTo(ByteBuf out, byte[] bytes, int hostStart, int hostLength) {
        out.writeBytes(untilHost).writeBytes(bytes, hostStart, hostLength);
        out.writeBytes(END_OF_HOST).writeBytes(bytes, hostStart, hostLength).writeBytes(END_OF_LINE);
    }
}
