package dewy.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameReaderTest {
    @ParameterizedTest
    @CsvSource({
        "linux, linux Linux64 linux32 linuxmusl64 linux-x64 linuxarm64 gnulinux64 ubuntu el8 alpine toollinux64",
        "darwin, darwin macos macOS64 macosx10.9 mac osx OS-X apple-darwin darwin20 macos11 macosarm64",
        "windows, windows win win32 win64 Windows64 winx64 pc-windows-msvc mingw64 win10 cygwin tool.exe",
        "android, android linux-android armv7-linux-androideabi android21",
        "freebsd, freebsd freebsd13 FreeBSD64 freebsd_amd64",
        "ohos, linux-ohos",
        "solaris, solaris sunos illumos",
        "'', darwinia windowsill macaroni linuxbrew wine",
    })
    void knowsOperatingSystemsInTheirSpellings(String system, String words) {
        assertThat(words.split(" ")).allSatisfy(word -> assertThat(
                        NameReader.read("t-1.2.3-" + word).systems())
                .as(word)
                .isEqualTo(set(system)));
    }

    @ParameterizedTest
    @CsvSource({
        "amd64, amd64 x86_64 x86-64 x86.64 x8664 x64 amd64v1 x86_64_v1 linux64 win64 linux-64 64bit 64-bit intel_64 amd_64",
        "amd64v3, amd64v3 amd64_v3 x86_64_v3 x86-64-v3 linux-x8664v3",
        "arm64, arm64 aarch64 arm_64 aarch_64 armv8 arm64v8 arm64e arm64-v8.0 linuxarm64 armv8-64bit win64-arm",
        "386, 386 i386 i486 i686 x86 ia32 x32 x86_32 linux32 32bit win32 32-bit linux-386 386-linux linux386",
        "arm, arm arm32 armel armle",
        "armv7, armv7 armv7l armhf arm-7 arm_v7 arm32v7 arm7 armv7-gnueabihf",
        "armv6, armv6 armv6hf armv6l arm-6 arm32v6",
        "armv5, armv5 armv5te arm5",
        "ppc64le, ppc64le ppc64el powerpc64le ppcle_64",
        "ppc64, ppc64 powerpc64 ppc_64",
        "s390x, s390x s390_64",
        "riscv64, riscv64 riscv64gc riscv_64",
        "loong64, loong64 loongarch64",
        "mips, mips",
        "mips64le, mips64le mips64el",
        "any, universal universal2 all noarch any",
        "'', armadillo x86asm 64 32 v8",
    })
    void knowsMachinesInTheirSpellings(String machine, String words) {
        assertThat(words.split(" ")).allSatisfy(word -> assertThat(
                        NameReader.read("t-1.2.3-" + word).machines())
                .as(word)
                .isEqualTo(set(machine)));
    }

    @ParameterizedTest
    @CsvSource({
        "gnu, gnu glibc glibc2.17 linux-gnueabihf",
        "musl, musl linuxmusl64 linux-musleabihf alpine",
        "static, static",
        "uclibc, uclibc",
        "'', gnutls musli statically",
    })
    void knowsLibcsInTheirSpellings(String libc, String words) {
        assertThat(words.split(" ")).allSatisfy(word -> assertThat(
                        NameReader.read("t-1.2.3-" + word).libcs())
                .as(word)
                .isEqualTo(set(libc)));
    }

    private static Set<String> set(String words) {
        return words.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(words.split(" ")));
    }
}
