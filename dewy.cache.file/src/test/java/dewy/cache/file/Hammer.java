package dewy.cache.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.CancellableCall;
import dewy.api.NotFoundException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;

/**
 * An agent that writes to a cache and reads from it as fast as it can, as a process of its own: {@code folder max-size host
 * seed rounds}. It prints a line once it has begun, and ends with 0 when everything it ever read was right. With no rounds
 * at all it stops in the middle of writing.
 */
final class Hammer {
    private static final int KEYS = 6;
    private static final int VARIANTS = 3;

    private final FileCache cache;
    private final Random random;

    private Hammer(FileCache cache, Random random) {
        this.cache = cache;
        this.random = random;
    }

    public static void main(String[] args) throws Exception {
        CacheLocation location =
                new CacheLocation(Path.of(args[0]), Long.parseLong(args[1]), "current." + args[2] + ".app");
        Hammer hammer = new Hammer(
                new FileCache(location, new Pins(), InstantSource.system()), new Random(Long.parseLong(args[3])));
        int rounds = Integer.parseInt(args[4]);
        if (rounds == 0) {
            hammer.stopWhileWriting();
        }
        for (int i = 0; i < rounds; i++) {
            hammer.round();
            if (i == 0) {
                System.out.println("begun");
            }
        }
    }

    /** Starts one as a process of its own. */
    static Process start(Path folder, long maxSize, String host, int seed, int rounds) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(
                java,
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                Hammer.class.getName(),
                folder.toString(),
                Long.toString(maxSize),
                host,
                Integer.toString(seed),
                Integer.toString(rounds));
        return builder.start();
    }

    /** Returns one of the few contents that a key may have; each has a length of its own. */
    static String content(int key, int variant) {
        return ("key " + key + " variant " + variant + "\n").repeat(200 * (key + 1) + 50 * variant);
    }

    static String key(int key) {
        return "v1." + key + ".0--app.tar.gz";
    }

    static boolean isLegal(int key, String content) {
        for (int variant = 0; variant < VARIANTS; variant++) {
            if (content.equals(content(key, variant))) {
                return true;
            }
        }
        return false;
    }

    private void round() throws Exception {
        int key = random.nextInt(KEYS);
        try (CancellableCall call = CancellableCall.of("hammer", Duration.ofSeconds(60))) {
            switch (random.nextInt(4)) {
                case 0 -> write(call, key);
                case 1 -> cache.markCurrent(call, key(key));
                default -> read(call, key);
            }
        }
    }

    private void stopWhileWriting() throws Exception {
        try (CancellableCall call = CancellableCall.of("hammer", Duration.ofSeconds(60));
                BlobWriter writer = cache.write(call, "half", -1)) {
            writer.write(new byte[10], 0, 10);
            System.out.println("begun");
            System.in.read();
        }
    }

    private void write(CancellableCall call, int key) throws Exception {
        byte[] content = content(key, random.nextInt(VARIANTS)).getBytes(UTF_8);
        try (BlobWriter writer = cache.write(call, key(key), random.nextBoolean() ? content.length : -1)) {
            writer.write(content, 0, content.length / 2);
            writer.write(content, content.length / 2, content.length - content.length / 2);
            writer.commit();
        }
    }

    private void read(CancellableCall call, int key) throws Exception {
        Optional<Blob> blob = cache.find(call, key(key));
        if (blob.isEmpty()) {
            return;
        }
        try (InputStream in = cache.read(call, blob.get())) {
            String content = new String(in.readAllBytes(), UTF_8);
            if (!isLegal(key, content)) {
                throw new AssertionError(key(key) + " holds what nobody wrote");
            }
        } catch (NotFoundException e) {
            // The other one has replaced or evicted it since it was found.
        }
    }
}
