package dewy.cache.redis;

import static dewy.cache.redis.Session.bytes;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import java.io.IOException;
import java.io.InputStream;
import redis.clients.jedis.Protocol.Command;

/** What a blob holds, one chunk after the other. For one thread. */
final class BlobContent extends InputStream {
    private final Session session;
    private final Manifest manifest;
    private final byte[] content;
    private long next;
    private byte[] chunk = {};
    private int position;

    BlobContent(Session session, BlobKeys keys, Manifest manifest) {
        this.session = session;
        this.manifest = manifest;
        this.content = bytes(keys.contents() + manifest.id());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (position == chunk.length) {
            if (next == manifest.chunks()) {
                return -1;
            }
            chunk = fetch(next++);
            position = 0;
        }
        int got = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, bytes, offset, got);
        position += got;
        return got;
    }

    private byte[] fetch(long number) throws IOException {
        try {
            Object answer = session.ask(Command.HGET, content, bytes(String.valueOf(number)));
            if (answer instanceof byte[] bytes) {
                return bytes;
            }
            throw new NotFoundException(Problem.of(
                    "read from the cache",
                    manifest.blob().key(),
                    "it was deleted, or another one has taken its place, while it was read",
                    ""));
        } catch (DewyException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
