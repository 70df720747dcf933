package dewy.api.cache;

import dewy.api.release.Digest;

/**
 * A blob that a cache holds complete.
 *
 * @param key under which it is kept
 * @param size its length in bytes
 * @param digest of its content, as it was when the blob was written
 */
public record Blob(String key, long size, Digest digest) {}
