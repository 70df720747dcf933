package dewy.registry.github;

import java.util.OptionalLong;

/** Where an artifact is, as its location says: {@code github://owner/repository/releases/assets/<id>}. */
record AssetLocation(Repository repository, long asset) {
    private static final String ASSETS = "/releases/assets/";

    /** Returns the asset that a location names, if it is one of the repository. */
    static OptionalLong assetIn(Repository repository, String location) {
        String prefix = prefix(repository);
        String id = location.startsWith(prefix) ? location.substring(prefix.length()) : "";
        return id.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(id)) : OptionalLong.empty();
    }

    @Override
    public String toString() {
        return prefix(repository) + asset;
    }

    private static String prefix(Repository repository) {
        return "github://" + repository + ASSETS;
    }
}
