package dewy.core.install;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A symbolic link whose target is exactly what the archive says. */
final class NewLink {
    private static final SystemProgram LN = SystemProgram.named("ln", Duration.ofMinutes(1));

    private NewLink() {}

    /** Creates the link where nothing is. Java drops slashes that it finds needless, so {@code ln} makes such links. */
    static void create(Call call, Path place, String target) throws RefusedException, DewyException {
        Path path = EntryPath.in(Path.of(""), target);
        try {
            if (path.toString().equals(target)) {
                Files.createSymbolicLink(place, path);
            } else {
                LN.run(call, "-s", "--", target, place.toString());
            }
        } catch (IOException refused) {
            throw Disk.failure("create the link", place, refused);
        }
    }
}
