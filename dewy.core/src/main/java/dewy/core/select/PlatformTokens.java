package dewy.core.select;

import dewy.api.release.Platform;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the name of an artifact says about the platform it is for. Names are cut into tokens, so that {@code arm} is never
 * found inside {@code arm64}, nor {@code win} inside {@code darwin}.
 */
record PlatformTokens(Set<String> systems, Set<String> machines) {
    private static final Map<String, String> SYSTEMS = aliases(Map.of(
            "linux", "linux linux32 linux64",
            "darwin", "darwin macos mac osx apple macosx",
            "windows", "windows win win32 win64",
            "freebsd", "freebsd",
            "openbsd", "openbsd",
            "netbsd", "netbsd",
            "dragonfly", "dragonfly",
            "android", "android",
            "solaris", "solaris sunos illumos",
            "aix", "aix"));
    private static final Map<String, String> MACHINES = aliases(Map.ofEntries(
            Map.entry("amd64", "amd64 x64 x8664 linux64 win64"),
            Map.entry("arm64", "arm64 aarch64 arm64v8 armv8 arm64e"),
            Map.entry("armv7", "armv7 armv7l armhf arm32v7"),
            Map.entry("armv6", "armv6 armv6l armv6hf arm32v6"),
            Map.entry("armv5", "armv5 armv5l armel"),
            Map.entry("arm", "arm arm32"),
            Map.entry("386", "386 i386 i486 i586 i686 x86 x32 linux32 win32"),
            Map.entry("ppc64le", "ppc64le powerpc64le"),
            Map.entry("ppc64", "ppc64"),
            Map.entry("s390x", "s390x"),
            Map.entry("riscv64", "riscv64 riscv64gc"),
            Map.entry("loong64", "loong64 loongarch64"),
            Map.entry("mips", "mips mipsle mips64 mips64le")));
    /** What a machine can run beside its own kind, best first. */
    private static final Map<String, String[]> RUNS = Map.of(
            "armv7", new String[] {"armv7", "armv6", "armv5", "arm"},
            "armv6", new String[] {"armv6", "armv5", "arm"});

    static PlatformTokens of(String artifactName) {
        String name = artifactName.toLowerCase(Locale.ROOT).replaceAll("x86[_-]64", "x8664");
        Set<String> systems = new HashSet<>();
        Set<String> machines = new HashSet<>();
        for (String token : name.split("[^a-z0-9]+", -1)) {
            if (SYSTEMS.containsKey(token)) {
                systems.add(SYSTEMS.get(token));
            }
            if (MACHINES.containsKey(token)) {
                machines.add(MACHINES.get(token));
            }
        }
        return new PlatformTokens(systems, machines);
    }

    /** Returns how well this suits a platform, more is better, or empty when it is for another one. */
    OptionalInt suits(Platform platform) {
        OptionalInt machine = suitsMachine(platform);
        boolean otherSystem = !systems.isEmpty() && !systems.contains(platform.os());
        if (otherSystem || machine.isEmpty()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(machine.getAsInt() + (systems.isEmpty() ? 0 : 100));
    }

    private OptionalInt suitsMachine(Platform platform) {
        if (machines.isEmpty()) {
            return OptionalInt.of(0);
        }
        String[] runs = RUNS.getOrDefault(platform.arch(), new String[] {platform.arch()});
        for (int i = 0; i < runs.length; i++) {
            if (machines.contains(runs[i])) {
                return OptionalInt.of(50 - i);
            }
        }
        return OptionalInt.empty();
    }

    private static Map<String, String> aliases(Map<String, String> namesByMeaning) {
        Map<String, String> meaningByName = new HashMap<>();
        namesByMeaning.forEach((meaning, names) -> {
            for (String name : names.split(" ", -1)) {
                meaningByName.put(name, meaning);
            }
        });
        return Map.copyOf(meaningByName);
    }
}
