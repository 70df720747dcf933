package dewy.shell.control;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** What a client is answered: frames of a type, a length and bytes; the last one holds the exit code. */
final class Response {
    private static final int OUT = 1;
    private static final int EXIT = 3;
    private static final int LIVE = 4;
    private static final int LONGEST = 64 << 10;

    private final DataOutputStream out;

    Response(OutputStream out) {
        this.out = new DataOutputStream(out);
    }

    /** Returns a stream whose bytes the client writes to its standard output. */
    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int at = 0; at < length; at += LONGEST) {
                    frame(bytes, offset + at, Math.min(LONGEST, length - at));
                }
            }
        };
    }

    /** Says that the command goes on until the client hangs up. */
    void live() throws IOException {
        synchronized (out) {
            out.writeByte(LIVE);
            out.writeInt(0);
            out.flush();
        }
    }

    void exit(int code) throws IOException {
        synchronized (out) {
            out.writeByte(EXIT);
            out.writeInt(Integer.BYTES);
            out.writeInt(code);
            out.flush();
        }
    }

    private void frame(byte[] bytes, int offset, int length) throws IOException {
        synchronized (out) {
            out.writeByte(OUT);
            out.writeInt(length);
            out.write(bytes, offset, length);
            out.flush();
        }
    }
}
