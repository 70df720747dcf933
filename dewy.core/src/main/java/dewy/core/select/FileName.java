package dewy.core.select;

import java.util.List;
import java.util.Locale;

/**
 * A file name, apart into what it is called and what kind of file its ending says.
 *
 * @param stem the name in lower case without the ending
 * @param preference which place its ending has among those of archives that can be installed; none when it is below 0
 * @param isProgram whether it may be a program: an archive, or a program as it is
 */
record FileName(String stem, int preference, boolean isProgram) {
    static final FileName IMAGE = new FileName("", 0, true);

    /** The endings of archives that can be installed, preferred ones first. */
    private static final List<String> ARCHIVES =
            List.of(".tar.gz", ".tgz", ".tar.zst", ".tzst", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar", ".zip");

    /** Packages of a distribution that end like archives. */
    private static final List<String> PACKAGES = List.of(".pkg", ".apk", ".deb", ".rpm", ".snap", ".flatpak");

    private static final List<String> COMPRESSED = List.of("gz", "xz", "zst", "bz2", "appimage", "bin", "run", "7z");

    static FileName of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        for (int i = 0; i < ARCHIVES.size(); i++) {
            if (name.endsWith(ARCHIVES.get(i))) {
                String stem = name.substring(0, name.length() - ARCHIVES.get(i).length());
                boolean isPackage = PACKAGES.stream().anyMatch(stem::endsWith);
                return new FileName(stem, isPackage ? -1 : i, !isPackage);
            }
        }
        return new FileName(name, -1, isBare(name.substring(name.lastIndexOf('.') + 1)));
    }

    boolean isInstallable() {
        return preference >= 0;
    }

    /** Behind the last dot of a program as it is stands no ending: it is a part of its version or its platform. */
    private static boolean isBare(String end) {
        return COMPRESSED.contains(end)
                || Vocabulary.word(end).isPresent()
                || end.chars().anyMatch(c -> !Character.isLetterOrDigit(c));
    }
}
