package dewy.artifact.http;

import java.net.URI;

/** Where the artifact of a release is. */
interface WebAddress {
    /** Returns the address of the artifact of a release. */
    URI resolve(String tag);

    /** Returns the name of the artifact of a release: what follows the last slash. */
    String name(String tag);

    /**
     * An address that somebody named, the same for every release.
     *
     * @param uri with a host and a path; what stands behind {@code ?} may be a signature
     */
    record Known(URI uri) implements WebAddress {
        @Override
        public URI resolve(String tag) {
            return uri;
        }

        @Override
        public String name(String tag) {
            return uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
        }
    }
}
