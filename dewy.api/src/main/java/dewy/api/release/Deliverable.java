package dewy.api.release;

/**
 * The one artifact of the one release that was selected.
 *
 * @param release the release that was selected
 * @param artifact its artifact, with size and digest as far as they can be known before it is fetched
 */
public record Deliverable(Release release, Artifact artifact) {
    /** Returns the key under which a cache keeps it: {@code <tag>--<artifact>}. */
    public String cacheKey() {
        return release.tag() + "--" + artifact.name();
    }
}
