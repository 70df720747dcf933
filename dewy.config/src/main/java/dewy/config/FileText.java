package dewy.config;

import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a file that a person wrote. */
final class FileText {
    static final long LARGEST = 1L << 20;

    private FileText() {}

    static String of(Path file) throws StorageException {
        try {
            if (Files.isDirectory(file)) {
                throw failure(file, "it is a folder", "Name the file in it");
            }
            if (Files.size(file) > LARGEST) {
                throw failure(file, "it is larger than 1 MB", "Check that it is the right file");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw failure(file, "there is no such file", "Name the right one");
        } catch (CharacterCodingException e) {
            throw failure(file, "it is not written in UTF-8", "Save it as UTF-8");
        } catch (IOException e) {
            throw failure(file, e.getClass().getSimpleName() + ": " + e.getMessage(), "Check its owner and its mode");
        }
    }

    private static StorageException failure(Path file, String why, String advice) {
        return new StorageException(Problem.of("read the file", file, why, advice));
    }
}
