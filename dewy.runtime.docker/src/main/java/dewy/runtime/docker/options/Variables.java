package dewy.runtime.docker.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads variables as {@code docker run} does: a bare name stands for the variable of this process, if there is one. */
final class Variables {
    private Variables() {}

    static void addVariables(List<String> values, ContainerTemplate template) {
        values.forEach(value -> add(value, template));
    }

    /** Each file has a variable a line, and lines that begin with {@code #} are remarks. */
    static void addFiles(List<String> files, ContainerTemplate template) {
        for (String file : files) {
            try {
                for (String line : Files.readAllLines(Path.of(file))) {
                    String text = line.stripLeading();
                    if (!text.isEmpty() && !text.startsWith("#")) {
                        add(text, template);
                    }
                }
            } catch (IOException e) {
                throw new IllegalArgumentException("the file " + file + " cannot be read", e);
            }
        }
    }

    /** What is wrong with one is told without its value. */
    private static void add(String text, ContainerTemplate template) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        if (name.isEmpty() || name.contains(" ")) {
            throw new IllegalArgumentException("a variable is written NAME=value, or NAME");
        }
        if (equals >= 0) {
            template.setVariable(name, text.substring(equals + 1));
        } else {
            Optional.ofNullable(System.getenv(name)).ifPresent(value -> template.setVariable(name, value));
        }
    }
}
