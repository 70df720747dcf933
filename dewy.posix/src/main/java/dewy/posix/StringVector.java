package dewy.posix;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Strings in the layout of {@code argv} and {@code environ}, in one block of memory that is freed on close. */
final class StringVector implements AutoCloseable {
    private static final int POINTER_SIZE = Long.BYTES;

    private final Memory memory;

    private StringVector(Memory memory) {
        this.memory = memory;
    }

    static StringVector of(List<String> strings) {
        List<byte[]> texts = strings.stream()
                .map(string -> string.getBytes(StandardCharsets.UTF_8))
                .toList();
        long pointers = (texts.size() + 1L) * POINTER_SIZE;
        Memory memory = new Memory(
                pointers + texts.stream().mapToLong(text -> text.length + 1L).sum());
        memory.clear();
        long start = pointers;
        for (int i = 0; i < texts.size(); i++) {
            memory.setLong((long) i * POINTER_SIZE, Pointer.nativeValue(memory) + start);
            memory.write(start, texts.get(i), 0, texts.get(i).length);
            start += texts.get(i).length + 1L;
        }
        return new StringVector(memory);
    }

    Pointer pointer() {
        return memory;
    }

    @Override
    public void close() {
        memory.close();
    }
}
