package dewy.archive;

import dewy.api.DewyException;
import dewy.archive.disk.TreeDeletion;
import java.nio.file.Files;
import java.nio.file.Path;

/** Unpacks one archive, says how it went, and deletes the folder when a third argument is there. */
final class UnpackMain {
    private UnpackMain() {}

    public static void main(String... arguments) throws Exception {
        Path archive = Path.of(arguments[0]);
        Path folder = Files.createDirectory(Path.of(arguments[1]));
        try {
            new ArchiveExtractor().extract(Sandbox.call(), archive, "app", folder, ExtractionLimits.DEFAULT);
            System.out.println("unpacked");
        } catch (DewyException failed) {
            System.out.println(failed.getClass().getSimpleName() + ": " + failed.getMessage());
        }
        if (arguments.length > 2) {
            TreeDeletion.delete(folder);
            System.out.println("deleted");
        }
    }
}
