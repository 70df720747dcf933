package dewy.itest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processes that a test gave rise to: all of them inherit its folder as TMPDIR. */
final class Processes {
    private Processes() {}

    /** Returns those that are alive, except the agent. */
    static List<ProcessHandle> leftBy(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> inherited(process, "TMPDIR=" + folder))
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    private static boolean inherited(ProcessHandle process, String variable) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "environ"));
            return List.of(new String(environment, StandardCharsets.UTF_8).split("\0", -1))
                    .contains(variable);
        } catch (IOException e) {
            return false;
        }
    }
}
