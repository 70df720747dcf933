package dewy.itest;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lines with words in capital letters in place of what differs from run to run. */
final class Normal {
    private static final String LENGTH = "(?:\\d+h)?(?:\\d+m)?[\\d.]+m?s";
    private static final Map<String, String> DIFFERENT = new LinkedHashMap<>();

    static {
        DIFFERENT.put("releases/\\d{8}T\\d{6}Z(-\\d+)?", "releases/TIME");
        DIFFERENT.put("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME");
        DIFFERENT.put("sha256:[0-9a-f]{64}", "sha256:DIGEST");
        DIFFERENT.put("(\"?(?:size|pid|commit)\"?[=:]\"?)[0-9a-z-]+", "$1N");
        DIFFERENT.put("(\"?(?:duration|retry_in|restart_in)\"?[=:]\"?)" + LENGTH, "$1LENGTH");
        DIFFERENT.put("(\"title\":\"Duration\",\"value\":\")" + LENGTH, "$1LENGTH");
        DIFFERENT.put("\\b(in|after) " + LENGTH, "$1 LENGTH");
        DIFFERENT.put("(\"Dewy started\",?\"? ?\"?version\"?[=:]\"?)[^ \",]*", "$1VERSION");
        DIFFERENT.put("started by Dewy \\([^:]*:", "started by Dewy (VERSION:");
        DIFFERENT.put("(\"?version\"?[=:]\"?)\\d[^ \",]*", "$1VERSION");
        DIFFERENT.put("(\"?capsule\"?(?:[=:]\"?| ))[0-9a-f]{8}", "$1ID");
        DIFFERENT.put("\"ts\":\\d+", "\"ts\":N");
    }

    private Normal() {}

    static List<String> of(List<String> lines, Path folder) {
        return lines.stream().map(line -> of(line, folder)).toList();
    }

    private static String of(String line, Path folder) {
        String normal = line.replace(folder.toString(), "FOLDER");
        for (Map.Entry<String, String> different : DIFFERENT.entrySet()) {
            normal = normal.replaceAll(different.getKey(), different.getValue());
        }
        return normal;
    }
}
