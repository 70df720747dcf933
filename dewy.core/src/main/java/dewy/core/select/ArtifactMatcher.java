package dewy.core.select;

import dewy.api.release.Artifact;
import dewy.api.release.Platform;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Chooses the artifact of a release for this host: the one that was asked for by name, else the archive whose name suits
 * the platform best.
 *
 * @param name the name asked for
 * @param platform what this host is
 */
public record ArtifactMatcher(Optional<String> name, Platform platform) {
    /** The endings of archives that can be installed, preferred ones first. */
    private static final List<String> ENDINGS =
            List.of(".tar.gz", ".tgz", ".tar.zst", ".tzst", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar", ".zip");

    private record Candidate(Artifact artifact, int platformScore, int ending) {}

    private static final Comparator<Candidate> BEST_FIRST = Comparator.comparingInt(Candidate::platformScore)
            .reversed()
            .thenComparingInt(Candidate::ending)
            .thenComparing(candidate -> candidate.artifact().name().length())
            .thenComparing(candidate -> candidate.artifact().name());

    public Optional<Artifact> match(List<Artifact> artifacts) {
        if (name.isPresent()) {
            return artifacts.stream()
                    .filter(artifact -> artifact.name().equals(name.get()))
                    .findFirst();
        }
        return artifacts.stream().flatMap(this::candidate).min(BEST_FIRST).map(Candidate::artifact);
    }

    /** Returns what is looked for, for people. */
    public String wanted() {
        return name.map(asked -> "an artifact named " + asked)
                .orElseGet(() -> "an archive for " + platform.os() + "/" + platform.arch());
    }

    private Stream<Candidate> candidate(Artifact artifact) {
        if (artifact.kind() == Artifact.Kind.IMAGE) {
            return Stream.of(new Candidate(artifact, 0, 0));
        }
        String lower = artifact.name().toLowerCase(Locale.ROOT);
        OptionalInt score = PlatformTokens.of(lower).suits(platform);
        for (int ending = 0; ending < ENDINGS.size() && score.isPresent(); ending++) {
            if (lower.endsWith(ENDINGS.get(ending))) {
                return Stream.of(new Candidate(artifact, score.getAsInt(), ending));
            }
        }
        return Stream.empty();
    }
}
