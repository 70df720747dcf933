package dewy.core.select;

import dewy.core.select.Vocabulary.Kind;
import dewy.core.select.Vocabulary.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the name of an artifact. It is cut into words, so that {@code arm} is never found inside {@code arm64}, nor
 * {@code win} inside {@code darwin}; a version number is one word.
 */
final class NameReader {
    /** What an architecture becomes beside a word size, or a level. */
    private static final Map<String, String> WIDE = Map.ofEntries(
            Map.entry("", "amd64"),
            Map.entry("x86", "amd64"),
            Map.entry("386", "amd64"),
            Map.entry("intel", "amd64"),
            Map.entry("arm", "arm64"),
            Map.entry("ppc", "ppc64"),
            Map.entry("ppcle", "ppc64le"),
            Map.entry("s390", "s390x"),
            Map.entry("riscv", "riscv64"),
            Map.entry("loong", "loong64"),
            Map.entry("mips", "mips64"),
            Map.entry("mipsle", "mips64le"),
            Map.entry("sparc", "sparc64"));

    private static final Map<String, String> NARROW =
            Map.of("", "386", "x86", "386", "intel", "386", "riscv", "riscv32");
    private static final Map<String, String> PLAIN = Map.of("x86", "386", "intel", "amd64");
    private static final Map<String, String> ARM_LEVELS =
            Map.of("5", "armv5", "6", "armv6", "7", "armv7", "8", "arm64");

    private final Set<String> systems = new HashSet<>();
    private final Set<String> systemsOfFormats = new HashSet<>();
    private final Set<String> machines = new HashSet<>();
    private final Set<String> libcs = new HashSet<>();
    private final Set<String> asides = new HashSet<>();
    private final Set<String> build = new TreeSet<>();
    private final Set<String> rest = new TreeSet<>();
    private boolean distributed;
    private boolean source;
    private String bits = "";
    private String level = "";
    private Optional<Word> before = Optional.empty();

    private NameReader() {}

    /** Reads a name without its ending. */
    static ArtifactName read(String name) {
        NameReader reader = new NameReader();
        List<String> tokens = tokens(name.toLowerCase(Locale.ROOT));
        for (int i = 0; i < tokens.size(); i++) {
            String next = i + 1 < tokens.size() ? tokens.get(i + 1) : "";
            reader.take(tokens.get(i), next);
        }
        return reader.result();
    }

    private static List<String> tokens(String name) {
        List<String> tokens = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || separates(name, i)) {
                if (i > begin) {
                    tokens.add(name.substring(begin, i));
                }
                begin = i + 1;
            }
        }
        return tokens;
    }

    private static boolean separates(String name, int at) {
        boolean betweenDigits = at > 0
                && at + 1 < name.length()
                && Character.isDigit(name.charAt(at - 1))
                && Character.isDigit(name.charAt(at + 1));
        return !Character.isLetterOrDigit(name.charAt(at)) && !(name.charAt(at) == '.' && betweenDigits);
    }

    private void take(String token, String next) {
        if (isNumber(token)) {
            int end = endOfVersion(token);
            number(token.substring(0, end), next);
            if (end < token.length()) {
                number(token.substring(end + 1), next);
            }
            return;
        }
        if ("os".equals(token) && "x".equals(next)) {
            systems.add("darwin");
        }
        Optional<Word> word = Vocabulary.word(token);
        List<Word> words = word.isPresent() ? List.of(word.get()) : Vocabulary.runTogether(token);
        if (words.isEmpty()) {
            int begin = Vocabulary.beginOfWords(token);
            rest.add(token.substring(0, begin));
            words = begin < token.length() ? Vocabulary.runTogether(token.substring(begin)) : List.of();
        }
        before = Optional.empty();
        words.forEach(found -> take(token, found));
    }

    private void take(String token, Word word) {
        switch (word.kind()) {
            case SYSTEM -> systems.add(word.value());
            case DISTRIBUTION -> {
                systems.add("linux");
                libcs.add(word.value());
                build.add(token);
                distributed = true;
            }
            case FORMAT -> systemsOfFormats.add(word.value());
            case MACHINE -> machines.add(word.value());
            case BITS -> size(word.value());
            case LIBC -> libcs.add(word.value());
            case SOURCE -> {
                source = true;
                asides.add(token);
            }
            case ASIDE -> asides.add(token);
            case NUMBER -> belongsToWordBefore(word.value(), true);
            case NOTHING -> {}
        }
        if (word.kind() != Kind.NUMBER) {
            before = Optional.of(word);
        }
    }

    /** A word size belongs to the architecture in front of it, as in x86_64, else to whichever there is. */
    private void size(String size) {
        Optional<String> machine =
                before.filter(word -> word.kind() == Kind.MACHINE).map(Word::value);
        if (machine.isPresent()) {
            machines.remove(machine.get());
            machines.add(sized(machine.get(), size));
        } else {
            bits = size;
        }
    }

    private static String sized(String machine, String size) {
        return switch (size) {
            case "64" -> WIDE.getOrDefault(machine, machine);
            case "32" -> NARROW.getOrDefault(machine, machine);
            default -> PLAIN.getOrDefault(machine, machine);
        };
    }

    private static boolean isNumber(String token) {
        int from = token.startsWith("v") ? 1 : 0;
        return token.length() > from && token.chars().skip(from).allMatch(c -> c == '.' || Character.isDigit(c));
    }

    /** Behind a version of three numbers a fourth may be a machine: 1.2.3.386. */
    private static int endOfVersion(String number) {
        int last = number.lastIndexOf('.');
        boolean isMachine =
                last > 0 && Vocabulary.word(number.substring(last + 1)).isPresent();
        return isMachine && number.chars().filter(c -> c == '.').count() == 3 ? last : number.length();
    }

    /** A number such as 64 says something only beside a word about platforms. */
    private void number(String token, String next) {
        boolean beforeWord = !isNumber(next) && !Vocabulary.runTogether(next).isEmpty();
        boolean beside = before.isPresent() || beforeWord;
        Optional<Word> word = Vocabulary.word(token).filter(known -> beside || known.kind() == Kind.MACHINE);
        if (word.isPresent()) {
            take(token, word.get());
        } else if (!belongsToWordBefore(token, false)) {
            rest.add(token);
            before = Optional.empty();
        }
    }

    /** Takes a number that belongs to the word in front of it, and returns whether it does. */
    private boolean belongsToWordBefore(String number, boolean runTogether) {
        String digits = number.startsWith("v") ? number.substring(1) : number;
        boolean ofBuild =
                switch (before.map(Word::kind).orElse(Kind.NOTHING)) {
                    case DISTRIBUTION -> true;
                    case LIBC -> runTogether;
                    default -> false;
                };
        if (ofBuild) {
            build.add(number);
            return true;
        }
        if (isLevel(number, digits)) {
            level = digits;
            return true;
        }
        return false;
    }

    private boolean isLevel(String number, String digits) {
        boolean isArm = before.filter(word -> "arm".equals(word.value())).isPresent();
        boolean isMachine = before.filter(word -> word.kind() == Kind.MACHINE || word.kind() == Kind.BITS)
                .isPresent();
        return (isArm && ARM_LEVELS.containsKey(digits))
                || (isMachine && number.startsWith("v") && digits.length() == 1);
    }

    private ArtifactName result() {
        if (systems.contains("android") || systems.contains("ohos")) {
            systems.remove("linux");
        }
        // The exe of awscli-exe-linux is no system.
        if (systems.isEmpty()) {
            systems.addAll(systemsOfFormats);
        }
        rest.remove("");
        return new ArtifactName(systems, whole(), libcs, distributed, source, asides, build, rest);
    }

    /** Returns the architectures, with what was written as two words put together. */
    private Set<String> whole() {
        Set<String> whole = new HashSet<>();
        for (String machine : machines.isEmpty() && !bits.isEmpty() ? Set.of("") : machines) {
            whole.add(levelled(sized(machine, bits)));
        }
        if (whole.size() > 1) {
            whole.remove(ArtifactName.ANY_MACHINE);
        }
        return whole;
    }

    /** Beyond its first level, x86-64 is a machine that not every host is. */
    private String levelled(String machine) {
        return switch (machine) {
            case "arm" -> ARM_LEVELS.getOrDefault(level, machine);
            case "amd64" -> level.isEmpty() || "1".equals(level) ? machine : "amd64v" + level;
            default -> machine;
        };
    }
}
