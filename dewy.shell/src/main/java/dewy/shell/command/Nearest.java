package dewy.shell.command;

import java.util.Comparator;
import java.util.List;

/** Finds the name that was probably meant. */
final class Nearest {
    private static final int FAR = 3;

    private Nearest() {}

    /** Returns {@code "; did you mean …?"}, or a list of all names when none is near. */
    static String hint(String given, List<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(name -> distance(given, name)))
                .filter(name -> distance(given, name) < FAR)
                .map(name -> "; did you mean " + name + "?")
                .orElse("; there are " + String.join(", ", names));
    }

    /** The Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
