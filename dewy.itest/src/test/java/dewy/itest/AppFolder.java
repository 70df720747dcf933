package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** An app directory that is its agent's home too, and what may be in it while the agent is gone. */
record AppFolder(Path app) {
    static AppFolder in(Path app) {
        return new AppFolder(app);
    }

    /** Asserts that there is nothing that the documentation does not name; a kill in the middle of a write tears a line. */
    void isTidy() throws IOException {
        assertThat(names(app)).isSubsetOf("current", "releases", ".dewy");
        assertThat(names(app.resolve(".dewy")))
                .isSubsetOf(
                        "audit.log",
                        "cache",
                        "capsules",
                        "journal",
                        "journal.damaged",
                        "running",
                        "log",
                        "app.lock",
                        "app.pid",
                        "agent.lock",
                        "agent.pid",
                        "framework",
                        "bundles",
                        "plugins",
                        "control",
                        "history");
        assertThat(names(app.resolve(".dewy/log"))).isSubsetOf("app.log", "app.log.position");
    }

    /** Asserts that each artifact in the cache has the digest that stands beside it, and that nothing else is there. */
    void hasAWholeCache() throws IOException {
        Path cache = app.resolve(".dewy/cache");
        assertThat(names(cache)).noneMatch(name -> name.endsWith(".part"));
        List<String> noted =
                names(cache).stream().filter(name -> name.endsWith(".digest")).toList();
        assertThat(noted).isNotEmpty();
        for (String name : noted) {
            Path content = cache.resolve(name.substring(0, name.length() - ".digest".length()));
            assertThat(Files.readString(cache.resolve(name))).contains("\n" + digest(content) + "  ");
        }
    }

    /** Returns how many bytes its files have, without those that grow up to limits of their own; the agent may be at work. */
    long size() throws IOException {
        AtomicLong size = new AtomicLong();
        Files.walkFileTree(app, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return folder.endsWith("capsules") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                size.addAndGet(attributes.isRegularFile() && !file.endsWith("audit.log") ? attributes.size() : 0);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // It was replaced since its folder was listed.
                }
                throw failure;
            }
        });
        return size.get();
    }

    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
