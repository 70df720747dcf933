package dewy.posix;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A handler that does nothing but go on to another one, with another number of the signal. It is written in machine code,
 * because the system may call it on any thread and at any time, where no Java can run.
 */
final class Renumbering {
    private static final int ROOM = 32;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;

    private Renumbering() {}

    /** Returns the code for a processor, if it is known for it. */
    static Optional<byte[]> code(String processor, int number, long handler) {
        ByteBuffer code = ByteBuffer.allocate(ROOM).order(ByteOrder.LITTLE_ENDIAN);
        switch (processor) {
            case "amd64", "x86_64" ->
                code.putInt(0xfa1e0ff3) // endbr64: a jump may lead here
                        .put((byte) 0xbf)
                        .putInt(number) // mov edi, number
                        .putShort((short) 0xb848)
                        .putLong(handler) // mov rax, handler
                        .putShort((short) 0xe0ff); // jmp rax
            case "aarch64" ->
                code.putInt(0xd503245f) // bti c: a jump may lead here
                        .putInt(0x52800000 | number << 5) // mov w0, number
                        .putInt(0x58000050) // ldr x16, handler
                        .putInt(0xd61f0200) // br x16
                        .putLong(handler);
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(code.array());
    }

    /** Puts code where it can be executed, for good. */
    static Pointer load(byte[] code) throws SystemCallException {
        Pointer page = LinuxLibrary.mmap(
                Pointer.NULL, code.length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        SystemCallException.check("mmap", Pointer.nativeValue(page) == -1 ? -1 : 0);
        page.write(0, code, 0, code.length);
        SystemCallException.check("mprotect", LinuxLibrary.mprotect(page, code.length, PROT_READ | PROT_EXEC));
        return page;
    }
}
