package dewy.core.select;

import dewy.api.release.Platform;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the name of an artifact says.
 *
 * @param systems the operating systems it tells; none when it does not say. Of several, as of a compiler for another one, nobody
 *     knows which it is for
 * @param machines the architectures it is for, {@code any} where it is for all; none when it does not say
 * @param libcs the C libraries it needs, {@code static} where it needs none; none when it does not say
 * @param distributed whether it is made for a distribution of Linux
 * @param source whether it is source code
 * @param asides words for what accompanies a program, such as its source code or documentation
 * @param build what sets it apart from others for the same platform: distributions, and their numbers
 * @param rest all other words
 */
record ArtifactName(
        Set<String> systems,
        Set<String> machines,
        Set<String> libcs,
        boolean distributed,
        boolean source,
        Set<String> asides,
        Set<String> build,
        Set<String> rest) {
    static final String ANY_MACHINE = "any";

    /** The architecture of programs whose names tell an operating system and nothing else. */
    static final String COMMON_MACHINE = "amd64";

    private static final int SYSTEM_SAID = 100;
    private static final int MACHINE_SAID = 50;
    private static final int AMONG_OTHERS = 2;
    private static final int UNIVERSAL = 1;

    /** What a machine can run beside its own kind, best first. */
    private static final Map<String, String[]> RUNS = Map.of(
            "armv7", new String[] {"armv7", "armv6", "armv5", "arm"},
            "armv6", new String[] {"armv6", "armv5", "arm"});

    boolean saysPlatform() {
        return !systems.isEmpty() || !machines.isEmpty();
    }

    /** Returns all words that could as well belong to the name of a product. */
    Set<String> said() {
        Set<String> said = new HashSet<>(systems);
        said.addAll(machines);
        said.addAll(asides);
        return said;
    }

    /** Returns what is said without words of the product. */
    ArtifactName without(Set<String> product) {
        return new ArtifactName(
                unlessNothingIsLeft(systems, product),
                unlessNothingIsLeft(machines, product),
                libcs,
                distributed,
                source,
                difference(asides, product),
                build,
                rest);
    }

    private static Set<String> unlessNothingIsLeft(Set<String> words, Set<String> product) {
        Set<String> left = difference(words, product);
        return left.isEmpty() ? words : left;
    }

    private static Set<String> difference(Set<String> words, Set<String> others) {
        Set<String> left = new HashSet<>(words);
        left.removeAll(others);
        return left;
    }

    /** Returns how well this suits a platform, more is better, or empty when it is for another one. */
    OptionalInt platformScore(Platform platform) {
        OptionalInt machine = machineScore(platform.arch());
        boolean otherSystem = !systems.isEmpty() && !systems.equals(Set.of(platform.os()));
        if (otherSystem || machine.isEmpty()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(machine.getAsInt() + (systems.isEmpty() ? 0 : SYSTEM_SAID));
    }

    private OptionalInt machineScore(String machine) {
        if (machines.isEmpty()) {
            return systems.isEmpty() || COMMON_MACHINE.equals(machine) ? OptionalInt.of(0) : OptionalInt.empty();
        }
        if (machines.size() > 1) {
            return machines.contains(machine) ? OptionalInt.of(AMONG_OTHERS) : OptionalInt.empty();
        }
        String[] runs = RUNS.getOrDefault(machine, new String[] {machine});
        for (int i = 0; i < runs.length; i++) {
            if (machines.contains(runs[i])) {
                return OptionalInt.of(MACHINE_SAID - i);
            }
        }
        return machines.contains(ANY_MACHINE) ? OptionalInt.of(UNIVERSAL) : OptionalInt.empty();
    }

    /**
     * Returns how well this goes with the C library of a host, more is better; below 0 where it does not. What was linked
     * with musl is as a rule linked statically and runs everywhere, what needs glibc does not.
     */
    int libcScore(Host host) {
        if (libcs.isEmpty()) {
            return 3;
        }
        return switch (host.libc().get()) {
            case GNU -> {
                if (libcs.contains("gnu")) {
                    yield distributed ? 1 : 4;
                }
                yield libcs.contains("static") ? 2 : libcs.contains("musl") ? 0 : -1;
            }
            case MUSL -> libcs.contains("musl") ? 5 : libcs.contains("static") ? 4 : -1;
        };
    }
}
