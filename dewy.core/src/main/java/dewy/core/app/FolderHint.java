package dewy.core.app;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.control.AppDefinition;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * What is told of a folder that stands where a URL is expected: how its URL is written.
 *
 * @param base where a relative one begins for the person who wrote it
 */
record FolderHint(Path base) {
    static FolderHint of(AppDefinition definition) {
        Path here = Path.of("").toAbsolutePath();
        if (definition.origin().isEmpty()) {
            return new FolderHint(here);
        }
        try {
            return new FolderHint(here.resolve(definition.origin()).resolveSibling(""));
        } catch (InvalidPathException e) {
            return new FolderHint(here);
        }
    }

    /** Returns the failure of a text that was to be a URL, with this as its advice where it may be a folder. */
    InvalidException advise(InvalidException failure, String text) {
        String folder = text.replaceFirst("\\?.*", "");
        if (folder.isBlank() || folder.contains(":") || folder.contains(" ")) {
            return failure;
        }
        try {
            String url = "file://" + base.resolve(folder).normalize();
            Problem problem = failure.problem();
            return new InvalidException(
                    new Problem(problem.tried(), problem.on(), problem.why(), "A folder is written " + url), failure);
        } catch (InvalidPathException e) {
            return failure;
        }
    }
}
