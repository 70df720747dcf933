package dewy.shell.control;

import dewy.api.control.Window;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client asks for: a byte of flags (bit 0: its output is a terminal, bit 1: which is to have no colours, bit 2: its
 * columns and rows follow, bit 3: it shows all characters), those two numbers if so, the number of arguments, and each argument
 * with its length in bytes. Numbers are 32 bits, big endian.
 */
record Request(Window window, List<String> arguments) {
    private static final int TERMINAL = 1;
    private static final int PLAIN = 2;
    private static final int SIZE = 4;
    private static final int UNICODE = 8;
    private static final int MOST_CELLS = 10_000;
    private static final int MOST_ARGUMENTS = 256;
    private static final int LONGEST_ARGUMENT = 64 << 10;

    static Request read(DataInputStream in) throws IOException {
        Window window = window(in);
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
        return new Request(window, List.copyOf(arguments));
    }

    private static Window window(DataInputStream in) throws IOException {
        int flags = in.readUnsignedByte();
        boolean isTerminal = (flags & TERMINAL) != 0;
        boolean hasSize = (flags & SIZE) != 0;
        int columns = hasSize ? cells(in.readInt()) : 0;
        int rows = hasSize ? cells(in.readInt()) : 0;
        return new Window(isTerminal, isTerminal && (flags & PLAIN) == 0, columns, rows, (flags & UNICODE) != 0);
    }

    private static int cells(int given) throws IOException {
        if (given < 0 || given > MOST_CELLS) {
            throw new IOException("a terminal of " + given + " columns or rows; there may be up to " + MOST_CELLS);
        }
        return given;
    }
}
