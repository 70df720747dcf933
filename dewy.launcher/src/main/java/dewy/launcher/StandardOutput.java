package dewy.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Standard output that remembers what went wrong, which {@link PrintStream} keeps to itself. Safe for several threads. */
final class StandardOutput extends FilterOutputStream {
    private volatile Optional<IOException> failure = Optional.empty();

    StandardOutput(OutputStream out) {
        super(out);
    }

    /** Makes it what {@link System#out} writes to, in UTF-8 as everything that Dewy reads. */
    static StandardOutput install() {
        StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        return output;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = Optional.of(e);
            throw e;
        }
    }

    /** Returns why not all was written; a reader that went away, as in {@code | head}, had enough. */
    Optional<String> failure() {
        return failure.map(IOException::getMessage).filter(why -> !"Broken pipe".equals(why));
    }
}
