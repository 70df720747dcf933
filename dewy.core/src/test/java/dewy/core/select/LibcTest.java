package dewy.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.core.select.Host.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibcTest {
    @TempDir
    private Path folder;

    @Test
    void isMuslWhereItsLoaderIsMapped() throws IOException {
        assertThat(mapped("7f00-7f01 r-xp 00000000 fe:00 1 /lib/ld-musl-aarch64.so.1"))
                .isEqualTo(Libc.MUSL);
    }

    @Test
    void isGlibcElseAlsoWhereNothingCanBeLookedUp() throws IOException {
        assertThat(mapped("7f00-7f01 r-xp 00000000 fe:00 1 /lib/x86_64-linux-gnu/libc.so.6"))
                .isEqualTo(Libc.GNU);
        assertThat(Libc.mappedIn(folder.resolve("none"))).isEqualTo(Libc.GNU);
    }

    private Libc mapped(String line) throws IOException {
        return Libc.mappedIn(Files.writeString(folder.resolve("maps"), line + "\n"));
    }
}
