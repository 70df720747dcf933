package dewy.posix;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A message, such as one of sd_notify(3), in the layout of {@code msghdr}.
 *
 * @param state what it says; of sd_notify assignments, one a line
 * @param descriptor what goes with it
 */
record Notification(String state, OptionalInt descriptor) {
    private static final int HEADER = 56;
    private static final int VECTOR = 16;
    private static final int CONTROL = 24;
    /** Where the parts of the header are: the same on Linux for x86-64 and aarch64. */
    private static final int HEADER_VECTOR = 16;

    private static final int HEADER_VECTORS = 24;
    private static final int HEADER_CONTROL = 32;
    private static final int HEADER_CONTROL_LENGTH = 40;
    private static final int RIGHTS_LENGTH = 20;
    private static final int RIGHTS_LEVEL = 8;
    private static final int RIGHTS_TYPE = 12;
    private static final int RIGHTS_DESCRIPTOR = 16;
    private static final int[] FIVE_SECONDS = {5, 0, 0, 0};

    /** Sends it, and waits a while for room. */
    void sendTo(NotifyAddress address) throws SystemCallException {
        byte[] text = state.getBytes(StandardCharsets.UTF_8);
        try (RawSocket socket = RawSocket.openDatagram();
                Memory memory = new Memory((long) HEADER + VECTOR + CONTROL + Math.max(text.length, 1))) {
            sendTo(address.socketAddress(), socket, memory, text);
        }
    }

    /** Sends it as what is said by a connection. */
    void sendTo(Path listener) throws SystemCallException {
        byte[] text = state.getBytes(StandardCharsets.UTF_8);
        byte[] address = SocketAddresses.unix(listener.toString().getBytes(StandardCharsets.UTF_8));
        try (RawSocket socket = RawSocket.open(Constants.AF_UNIX);
                Memory memory = new Memory((long) HEADER + VECTOR + CONTROL + Math.max(text.length, 1))) {
            sendTo(address, socket, memory, text);
        }
    }

    private void sendTo(byte[] address, RawSocket socket, Memory memory, byte[] text) throws SystemCallException {
        socket.set(Constants.SOL_SOCKET, Constants.SO_SNDTIMEO, FIVE_SECONDS);
        socket.connect(address);
        memory.clear();
        fill(memory, text);
        socket.send(memory);
    }

    private void fill(Memory memory, byte[] text) {
        long start = Pointer.nativeValue(memory);
        int data = HEADER + VECTOR + CONTROL;
        memory.write(data, text, 0, text.length);
        memory.setLong(HEADER, start + data);
        memory.setLong(HEADER + (long) Long.BYTES, text.length);
        memory.setLong(HEADER_VECTOR, start + HEADER);
        memory.setLong(HEADER_VECTORS, 1);
        if (descriptor.isPresent()) {
            int control = HEADER + VECTOR;
            memory.setLong(HEADER_CONTROL, start + control);
            memory.setLong(HEADER_CONTROL_LENGTH, CONTROL);
            memory.setLong(control, RIGHTS_LENGTH);
            memory.setInt((long) control + RIGHTS_LEVEL, Constants.SOL_SOCKET);
            memory.setInt((long) control + RIGHTS_TYPE, Constants.SCM_RIGHTS);
            memory.setInt((long) control + RIGHTS_DESCRIPTOR, descriptor.getAsInt());
        }
    }
}
