package dewy.archive;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The path of an entry, relative to the folder: plain names, none of which leads up, away or nowhere.
 *
 * @param names from the folder down; empty for the folder itself
 */
record EntryPath(List<String> names) {
    /** What Linux allows for one name. */
    static final int MAX_NAME_BYTES = 255;

    /** Leaves room for the path of the folder below the 4,096 bytes that Linux allows. */
    static final int MAX_BYTES = 2_048;

    /** Deeper than anything that people build, and not too deep to be deleted by recursion. */
    static final int MAX_DEPTH = 200;

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

    EntryPath {
        names = List.copyOf(names);
    }

    /** Takes an entry's name apart; {@code .} and doubled slashes mean nothing. */
    static EntryPath parse(String name) throws RefusedException {
        if (name.isEmpty()) {
            throw new RefusedException("an entry of it has no name");
        }
        requirePlain(name);
        List<String> names = new ArrayList<>();
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                throw RefusedException.entry(name, "may lead out of the release by its \"..\"");
            }
            if (part.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
                throw RefusedException.entry(name, "has a part longer than " + MAX_NAME_BYTES + " bytes");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                names.add(part);
            }
        }
        if (names.size() > MAX_DEPTH) {
            throw RefusedException.entry(name, "is more than " + MAX_DEPTH + " directories deep");
        }
        return new EntryPath(names);
    }

    /** Refuses what no name and no link in it may have: it would mean another thing on another system. */
    static void requirePlain(String name) throws RefusedException {
        if (name.startsWith("/")) {
            throw RefusedException.entry(name, "is an absolute path");
        }
        if (name.indexOf('\0') >= 0) {
            throw RefusedException.entry(name, "has a character that no name can have");
        }
        if (name.indexOf('\\') >= 0) {
            throw RefusedException.entry(
                    name, "has a backslash", "Pack it with a tool that writes paths with slashes.");
        }
        if (DRIVE.matcher(name).matches()) {
            throw RefusedException.entry(name, "starts with the name of a Windows drive");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw RefusedException.entry(name, "is longer than " + MAX_BYTES + " bytes");
        }
    }

    boolean isRoot() {
        return names.isEmpty();
    }

    EntryPath parent() {
        return new EntryPath(names.subList(0, names.size() - 1));
    }

    String name() {
        return names.get(names.size() - 1);
    }

    /** Returns {@code name} in {@code directory}. */
    static Path in(Path directory, String name) throws RefusedException {
        try {
            return directory.resolve(name);
        } catch (InvalidPathException unmappable) {
            throw RefusedException.byHost(
                    RefusedException.quoted(name) + " cannot be written in the character set of the agent's locale",
                    "Start the agent with LC_ALL=C.UTF-8.");
        }
    }

    @Override
    public String toString() {
        return names.isEmpty() ? "." : String.join("/", names);
    }
}
