package dewy.core.select;

import dewy.api.release.Artifact;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Chooses the artifact of a release for this host: the one that was asked for by name, else the archive whose name suits
 * the host best, or the image. What names do not tell apart is not guessed.
 *
 * @param name the name asked for
 * @param kind what the app is made of: a release may have archives and images
 * @param host what it has to suit
 */
public record ArtifactMatcher(Optional<String> name, Artifact.Kind kind, Host host) {
    /** What a look for the right artifact of a release comes to. */
    sealed interface Match {
        /** This one suits best. */
        record Found(Artifact artifact) implements Match {}

        /** None suits. */
        record None() implements Match {}

        /** These suit alike, and differ in what only a person can decide. */
        record Several(List<Artifact> artifacts) implements Match {}
    }

    private record Program(Artifact artifact, FileName file, ArtifactName name) {
        int score(Host host) {
            return name.platformScore(host.platform()).orElseThrow();
        }
    }

    private static final Comparator<Program> HANDIEST_FIRST = Comparator.<Program>comparingInt(
                    program -> program.file().preference())
            .thenComparing(program -> program.artifact().name());

    Match match(List<Artifact> artifacts) {
        return name.isPresent() ? named(artifacts, name.get()) : best(usable(artifacts));
    }

    /** Where there are images alone they are taken all the same, so that it is said at once that the app runs none. */
    private List<Artifact> usable(List<Artifact> artifacts) {
        List<Artifact> ofKind =
                artifacts.stream().filter(artifact -> artifact.kind() == kind).toList();
        return ofKind.isEmpty() && kind == Artifact.Kind.ARCHIVE ? artifacts : ofKind;
    }

    /** Returns what is looked for, for people. */
    String wanted() {
        return name.map(asked -> "an artifact named " + asked)
                .orElseGet(() -> (kind == Artifact.Kind.IMAGE ? "an image for " : "an archive for ") + host);
    }

    private static Match named(List<Artifact> artifacts, String name) {
        return artifacts.stream()
                .filter(artifact -> artifact.name().equals(name))
                .findFirst()
                .<Match>map(Match.Found::new)
                .orElseGet(Match.None::new);
    }

    private Match best(List<Artifact> artifacts) {
        List<Program> fitting = fitting(programs(artifacts));
        List<Program> forPlatform = highest(fitting, program -> program.score(host));
        if (differ(forPlatform, ArtifactName::rest)) {
            return several(forPlatform);
        }
        List<Program> forLibc = highest(forPlatform, program -> program.name().libcScore(host));
        if (differ(forLibc, ArtifactName::build)) {
            return several(forLibc);
        }
        return forLibc.stream()
                .min(HANDIEST_FIRST)
                .<Match>map(program -> new Match.Found(program.artifact()))
                .orElseGet(Match.None::new);
    }

    /** Returns what of a release are programs; a word that all their names have belongs to the product. */
    private static List<Program> programs(List<Artifact> artifacts) {
        List<Program> programs =
                artifacts.stream().flatMap(ArtifactMatcher::program).toList();
        Set<String> inAll = programs.stream()
                .map(program -> program.name().said())
                .reduce(ArtifactMatcher::both)
                .orElse(Set.of());
        return programs.stream()
                .map(program -> new Program(
                        program.artifact(), program.file(), program.name().without(inAll)))
                .toList();
    }

    private static Stream<Program> program(Artifact artifact) {
        if (artifact.kind() == Artifact.Kind.IMAGE) {
            return Stream.of(new Program(artifact, FileName.IMAGE, NameReader.read(repository(artifact.name()))));
        }
        FileName file = FileName.of(artifact.name());
        return file.isProgram() ? Stream.of(new Program(artifact, file, NameReader.read(file.stem()))) : Stream.empty();
    }

    /** Returns what an image is called, without where it is and which it is. */
    private static String repository(String reference) {
        String name = reference.substring(reference.lastIndexOf('/', end(reference, '@')) + 1, end(reference, '@'));
        return name.substring(0, end(name, ':'));
    }

    private static int end(String text, char separator) {
        int at = text.indexOf(separator);
        return at < 0 ? text.length() : at;
    }

    private static Set<String> both(Set<String> left, Set<String> right) {
        Set<String> both = new HashSet<>(left);
        both.retainAll(right);
        return both;
    }

    private List<Program> fitting(List<Program> programs) {
        List<ArtifactName> forPlatforms = programs.stream()
                .map(Program::name)
                .filter(ArtifactName::saysPlatform)
                .toList();
        return programs.stream()
                .filter(program -> program.file().isInstallable())
                .filter(program -> program.name().asides().isEmpty())
                .filter(program -> program.name().platformScore(host.platform()).isPresent())
                .filter(program -> program.name().saysPlatform() || fitsUnsaid(program.name(), forPlatforms))
                .filter(program -> program.name().libcScore(host) >= 0)
                .toList();
    }

    /**
     * Returns whether a name fits that tells no platform. Beside others that do it is for the one they leave out, as long
     * as that is what programs are commonly for.
     */
    private boolean fitsUnsaid(ArtifactName name, List<ArtifactName> forPlatforms) {
        boolean isLeftOut = ArtifactName.COMMON_MACHINE.equals(host.platform().arch())
                && forPlatforms.stream().noneMatch(other -> other.systems()
                        .contains(host.platform().os()));
        return !name.source() && (forPlatforms.isEmpty() || isLeftOut);
    }

    private static boolean differ(List<Program> programs, Function<ArtifactName, Set<String>> words) {
        return programs.stream().map(Program::name).map(words).distinct().count() > 1;
    }

    private static List<Program> highest(List<Program> programs, ToIntFunction<Program> score) {
        int highest = programs.stream().mapToInt(score).max().orElse(0);
        return programs.stream()
                .filter(program -> score.applyAsInt(program) == highest)
                .toList();
    }

    private static Match several(List<Program> programs) {
        return new Match.Several(programs.stream().map(Program::artifact).toList());
    }
}
