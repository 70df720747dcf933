package dewy.api.route;

import dewy.api.process.ListeningAddress;

/**
 * Where requests can be sent: one replica of one generation of an app. Immutable.
 *
 * @param id stable as long as the backend lives and never used again, such as the id of a container; by it the backend is
 *     drained, and told apart from others in statistics
 * @param address where it listens: a host and a port, or a unix socket
 * @param version the version of the release it runs, for statistics; empty when it is not known
 * @param weight its share of the requests beside that of the others in its set, from 1 to 256
 */
public record Backend(String id, ListeningAddress address, String version, int weight) {
    private static final int MOST = 256;

    public Backend {
        if (weight < 1 || weight > MOST) {
            throw new IllegalArgumentException("a weight is from 1 to " + MOST + ", not " + weight);
        }
    }

    /** Returns a backend of no known version, with the weight 1. */
    public static Backend of(String id, ListeningAddress address) {
        return new Backend(id, address, "", 1);
    }

    public Backend withVersion(String tag) {
        return new Backend(id, address, tag, weight);
    }

    public Backend withWeight(int share) {
        return new Backend(id, address, version, share);
    }
}
