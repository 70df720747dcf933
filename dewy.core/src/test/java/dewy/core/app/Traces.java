package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.archive.disk.TreeDeletion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What lies in the folder of a {@link ScriptedHost}, looked at past its agent. */
record Traces(Path host) {
    private static final String RELEASE = "\\d{8}T\\d{6}Z";
    private static final String BLOB = "v\\d\\.0\\.0--app\\.zip(\\.digest)?";

    void erase() throws Exception {
        TreeDeletion.delete(host);
        Files.createDirectory(host);
    }

    /** Has what a process was writing to the cache be another one's: this one is taken to write it still. */
    void leaveToAnother() throws IOException {
        Path cache = host.resolve("app/.dewy/cache");
        if (Files.isDirectory(cache)) {
            for (String name : names("app/.dewy/cache")) {
                if (name.endsWith(".part")) {
                    Files.move(cache.resolve(name), cache.resolve(".dewy-1-1-" + name.hashCode() + ".part"));
                }
            }
        }
    }

    /** Returns the version that {@code current} leads to, which must be complete; empty if there is no {@code current}. */
    Optional<String> current() throws IOException {
        Path current = host.resolve("app/current");
        if (!Files.exists(current, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        String version = Files.readString(current.resolve("version"));
        assertThat(current.resolve("bin/app")).hasContent(("app " + version).repeat(100));
        assertThat(version).matches("v\\d\\.0\\.0");
        return Optional.of(version);
    }

    /** Nothing lies there that is not meant to stay. */
    void requireTidy(String where) throws IOException {
        requireTidyApp(where);
        assertThat(names("app/.dewy/cache"))
                .as(where)
                .allMatch(name -> name.equals(".dewy.lock") || name.equals("current") || name.matches(BLOB));
    }

    /** The same, except for the cache, which is cleaned up when something is looked for in it. */
    void requireTidyApp(String where) throws IOException {
        assertThat(names("app")).as(where).isSubsetOf(".dewy", "current", "releases");
        assertThat(names("app/releases")).as(where).allMatch(name -> name.matches(RELEASE));
        assertThat(names("app/.dewy"))
                .as(where)
                .isSubsetOf("app.lock", "app.pid", "cache", "capsules", "journal", "journal.damaged", "log");
        assertThat(names("app/.dewy/capsules")).as(where).allMatch(name -> name.matches("[0-9a-f]{8}\\.json"));
    }

    boolean cacheIsInUse() throws IOException {
        return names("app/.dewy/cache").stream().anyMatch(name -> name.endsWith(".part"));
    }

    /** Returns what a folder holds; nothing when it is not there, as a cache of which nothing was wanted. */
    private List<String> names(String folder) throws IOException {
        if (Files.notExists(host.resolve(folder))) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(host.resolve(folder))) {
            return children.map(child -> child.getFileName().toString()).toList();
        }
    }
}
