package dewy.keyvalue;

import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.plugin.Parameters;

/**
 * How much a cache may hold.
 *
 * @param bytes of all blobs of an app together
 * @param server where they are, for people
 * @param advice where else they could be
 */
public record Capacity(long bytes, Object server, String advice) {
    private static final String PARAMETER = "max-size";

    /** Reads the parameter {@code max-size}; what is wrong with it is told to {@code parameters}. */
    public static Capacity of(Parameters parameters, long otherwise, Object server, String advice) {
        long bytes = parameters.bytes(PARAMETER, otherwise);
        if (bytes == 0) {
            parameters.complain(PARAMETER, PARAMETER + "=0 leaves room for nothing");
        }
        return new Capacity(bytes, server, advice);
    }

    /** Refuses a blob that has so many bytes already, if it could not even be there alone. */
    public void require(String key, long size) throws StorageException {
        if (size > bytes) {
            throw tooLarge(key, "it has at least " + size + " bytes, and the cache may hold " + bytes + " (max-size)");
        }
    }

    /** Returns the failure of a blob for which what has to stay leaves no room. */
    public StorageException exceeded(String key, long size, long staying) {
        return tooLarge(
                key,
                "it needs " + size + " bytes, and of the " + bytes + " that the cache may hold (max-size), " + staying
                        + " are current on a host");
    }

    private StorageException tooLarge(String key, String why) {
        return new StorageException(
                Problem.of("keep " + key + " in", server, why, "Allow more with max-size=, or " + advice));
    }
}
