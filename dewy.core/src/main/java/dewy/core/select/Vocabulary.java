package dewy.core.select;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The words by which names of artifacts tell what they are for, in the spellings that are common. */
final class Vocabulary {
    /** What a word tells. */
    enum Kind {
        SYSTEM,
        DISTRIBUTION,
        FORMAT,
        MACHINE,
        BITS,
        LIBC,
        SOURCE,
        ASIDE,
        NUMBER,
        NOTHING
    }

    record Word(Kind kind, String value) {
        boolean isPlatform() {
            return kind != Kind.SOURCE && kind != Kind.ASIDE;
        }
    }

    /** A kind and a meaning, then the spellings. */
    private static final String WORDS =
            """
            system linux: linux linuxelf
            system darwin: darwin macos macosx mac osx apple macabi silicon
            system windows: windows win w32 w64 mingw cygwin msys msys2 msvc uwp
            system android: android androideabi termux
            system ios: ios iphoneos iphonesimulator ipados tvos watchos visionos
            system freebsd: freebsd
            system openbsd: openbsd
            system netbsd: netbsd
            system dragonfly: dragonfly dragonflybsd
            system solaris: solaris sunos illumos smartos omnios
            system aix: aix
            system ohos: ohos openharmony
            system wasi: wasm wasm32 wasm64 wasi wasip1 wasip2 emscripten
            system other: plan9 haiku redox fuchsia zos hpux irix minix qnx hurd ghostbsd midnightbsd
            format darwin: dmg
            format windows: exe msi
            distribution gnu: ubuntu debian raspbian centos rhel fedora rocky rockylinux alma almalinux amazonlinux amzn \
            suse opensuse sles manylinux archlinux el6 el7 el8 el9 el10 trusty xenial bionic focal jammy noble stretch \
            buster bullseye bookworm trixie
            distribution musl: alpine alpinelinux musllinux
            machine amd64: amd64 x64 x8664 em64t
            machine x86: x86
            machine intel: intel amd
            machine arm64: arm64 aarch64 armv8 arm64e arm64ec arm64ilp32
            machine arm: arm arm32 aarch aarch32 armeabi armel armle rpi raspberrypi
            machine armv7: armv7 armv7l armv7a armv7hf armv7r arm7 armhf armhfp
            machine armv6: armv6 armv6l armv6hf arm6
            machine armv5: armv5 armv5l armv5te armv5tel arm5
            machine 386: 386 i386 i486 i586 i686 x32 ia32 x8632 80386 586 686
            machine ppc: ppc powerpc
            machine ppc64: ppc64 powerpc64
            machine ppcle: ppcle powerpcle
            machine ppc64le: ppc64le ppc64el powerpc64le
            machine s390: s390
            machine s390x: s390x
            machine riscv: riscv
            machine riscv64: riscv64 riscv64gc rv64 rv64gc
            machine riscv32: riscv32 rv32
            machine loong: loong loongarch
            machine loong64: loong64 loongarch64
            machine mips: mips mipsbe mips32
            machine mipsle: mipsle mipsel mips32el mips32le
            machine mips64: mips64
            machine mips64le: mips64le mips64el mips64r6el
            machine sparc: sparc
            machine sparc64: sparc64 sparcv9
            machine other: ia64 itanium m68k hppa sh4 xtensa e2k
            machine any: universal universal2 all any noarch fat multiarch anycpu
            libc gnu: gnu glibc gnueabi gnueabihf gnuabi64 gnuabin32 gnuilp32 gnux32
            libc musl: musl musleabi musleabihf muslabi64 muslc
            libc uclibc: uclibc uclibceabi uclibceabihf
            libc static: static staticx
            bits 64: 64 64bit 64bits
            bits 32: 32 32bit 32bits
            source source: src source sources sourcecode orig
            aside aside: debug dbg debuginfo debugsymbols dbgsym symbols dsym pdb doc docs documentation man manpage \
            manpages manual completion completions sbom checksum checksums license licenses example examples header \
            headers devel
            nothing nothing: unknown pc bit bits eabi eabihf hardfloat softfloat
            """;

    /** The letters from which on a word is recognised at the end of a longer one, since nothing else ends like that. */
    private static final int UNMISTAKABLE = 5;

    private static final Map<String, Word> WORD_BY_SPELLING = read();
    private static final int LONGEST =
            WORD_BY_SPELLING.keySet().stream().mapToInt(String::length).max().orElseThrow();

    private static final Set<String> BEGINNINGS = WORD_BY_SPELLING.keySet().stream()
            .filter(spelling -> spelling.length() >= UNMISTAKABLE)
            .map(spelling -> spelling.substring(0, UNMISTAKABLE))
            .collect(Collectors.toUnmodifiableSet());

    private Vocabulary() {}

    private static Map<String, Word> read() {
        Map<String, Word> words = new HashMap<>();
        for (String line : WORDS.lines().toList()) {
            int kindEnd = line.indexOf(' ');
            int valueEnd = line.indexOf(':');
            Kind kind = Kind.valueOf(line.substring(0, kindEnd).toUpperCase(Locale.ROOT));
            Word word = new Word(kind, line.substring(kindEnd + 1, valueEnd));
            for (String spelling : line.substring(valueEnd + 2).split(" ", -1)) {
                words.put(spelling, word);
            }
        }
        return Map.copyOf(words);
    }

    /** Returns what a token is as it stands. */
    static Optional<Word> word(String token) {
        return Optional.ofNullable(WORD_BY_SPELLING.get(token));
    }

    /** Cuts a token into words of platforms that were run together, such as linuxmusl64; empty when something is left. */
    static List<Word> runTogether(String token) {
        List<Word> words = new ArrayList<>();
        return cut(token, 0, words) ? words : List.of();
    }

    /** Returns where the words at the end of a token begin, as in toollinux64; its length where there are none. */
    static int beginOfWords(String token) {
        for (int from = 1; from <= token.length() - UNMISTAKABLE; from++) {
            if (BEGINNINGS.contains(token.substring(from, from + UNMISTAKABLE))
                    && !runTogether(token.substring(from)).isEmpty()) {
                return from;
            }
        }
        return token.length();
    }

    private static boolean cut(String token, int from, List<Word> words) {
        if (from == token.length()) {
            return true;
        }
        if (!words.isEmpty() && token.charAt(from) == '.') {
            return cut(token, from + 1, words);
        }
        int endOfNumber = endOfNumber(token, from);
        if (!words.isEmpty() && endOfNumber > from) {
            return cutOff(token, endOfNumber, number(token.substring(from, endOfNumber)), words);
        }
        for (int end = Math.min(token.length(), from + LONGEST); end > from + 1; end--) {
            Word word = WORD_BY_SPELLING.get(token.substring(from, end));
            if (word != null && word.isPlatform() && cutOff(token, end, word, words)) {
                return true;
            }
        }
        return false;
    }

    private static boolean cutOff(String token, int end, Word word, List<Word> words) {
        words.add(word);
        if (cut(token, end, words)) {
            return true;
        }
        words.remove(words.size() - 1);
        return false;
    }

    /** A number, also with the v of a level in front: the 3 of x86-64-v3. */
    private static int endOfNumber(String token, int from) {
        int digits = token.charAt(from) == 'v' ? from + 1 : from;
        int end = digits;
        while (end < token.length() && Character.isDigit(token.charAt(end))) {
            end++;
        }
        return end > digits ? end : from;
    }

    private static Word number(String number) {
        Word known = WORD_BY_SPELLING.get(number);
        return known == null ? new Word(Kind.NUMBER, number) : known;
    }
}
