package dewy.archive;

import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.nio.file.Path;

/** The native library of zstd, which is a file for a moment when it is needed first. */
final class ZstdLibrary {
    private ZstdLibrary() {}

    /**
     * Loads it from a folder, which may be on a disk for programs where the one for temporary files is not, or else from there.
     *
     * @throws IOException if neither allows that
     */
    static void load(Path folder) throws IOException {
        try {
            Native.load(folder.toFile());
        } catch (LinkageError refused) {
            loadFromTemporaryFolder(folder);
        }
    }

    private static void loadFromTemporaryFolder(Path folder) throws IOException {
        try {
            Native.load();
        } catch (LinkageError missing) {
            throw RefusedException.byHost(
                    "the native library for zstd cannot be loaded: " + missing.getMessage(),
                    "See that " + folder + " or java.io.tmpdir allows executables, or publish a tar.gz.");
        }
    }
}
