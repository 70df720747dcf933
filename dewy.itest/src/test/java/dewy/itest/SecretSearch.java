package dewy.itest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Collects what people may come to see, and looks for secrets in it: as they are, URL-encoded, or within Base64. */
final class SecretSearch {
    private final Map<String, String> seen = new LinkedHashMap<>();

    void see(String where, String what) {
        seen.merge(where, what, (before, more) -> before + "\n" + more);
    }

    /** Takes in all files below a folder. */
    void seeFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                see(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** Takes in the arguments of a process and its children, and the environment of the children. */
    void seeProcesses(long pid) {
        ProcessHandle agent = ProcessHandle.of(pid).orElseThrow();
        seeProcess(agent, "cmdline");
        agent.descendants().forEach(child -> {
            seeProcess(child, "cmdline");
            seeProcess(child, "environ");
        });
    }

    /** Returns where a text is. */
    List<String> find(String text) {
        return seen.entrySet().stream()
                .filter(entry -> entry.getValue().contains(text))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns where a secret is, in any form. */
    List<String> findSecret(String secret) {
        List<String> places = new ArrayList<>();
        for (String form : forms(secret)) {
            find(form).forEach(place -> places.add(place + " holds " + form));
        }
        return places;
    }

    private void seeProcess(ProcessHandle process, String file) {
        String path = "/proc/" + process.pid() + "/" + file;
        try {
            see(path, Files.readString(Path.of(path), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Set<String> forms(String secret) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(secret);
        forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        // What stands before it in the same Base64 text moves it by up to two bytes; its ends depend on its neighbours.
        for (int shift = 0; shift < 3; shift++) {
            byte[] moved = ("x".repeat(shift) + secret).getBytes(StandardCharsets.UTF_8);
            String text = Base64.getEncoder().withoutPadding().encodeToString(moved);
            forms.add(text.substring(shift == 0 ? 0 : 4, text.length() - 3));
        }
        return forms;
    }
}
