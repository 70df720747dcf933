package dewy.shell.control;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client asks for: a byte of flags (bit 0: its output is a terminal), the number of arguments, and each argument
 * with its length in bytes. Numbers are 32 bits, big endian.
 */
record Request(boolean terminal, List<String> arguments) {
    private static final int MOST_ARGUMENTS = 256;
    private static final int LONGEST_ARGUMENT = 64 << 10;

    static Request read(DataInputStream in) throws IOException {
        int flags = in.readUnsignedByte();
        int count = in.readInt();
        if (count < 1 || count > MOST_ARGUMENTS) {
            throw new IOException("a request of " + count + " arguments; there may be 1 to " + MOST_ARGUMENTS);
        }
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = in.readInt();
            if (length < 0 || length > LONGEST_ARGUMENT) {
                throw new IOException("an argument of " + length + " bytes; there may be up to " + LONGEST_ARGUMENT);
            }
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            arguments.add(new String(bytes, StandardCharsets.UTF_8));
        }
        return new Request((flags & 1) != 0, List.copyOf(arguments));
    }
}
