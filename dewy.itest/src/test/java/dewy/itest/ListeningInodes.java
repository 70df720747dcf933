package dewy.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The sockets that listen on a port, by their inodes: a socket that was passed on keeps its own. */
final class ListeningInodes {
    private static final String LISTENING = "0A";

    private ListeningInodes() {}

    static Set<String> on(int port) throws IOException {
        String end = String.format(Locale.ROOT, ":%04X", port);
        return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(fields -> fields[1].endsWith(end) && fields[3].equals(LISTENING))
                .map(fields -> fields[9])
                .collect(Collectors.toSet());
    }
}
