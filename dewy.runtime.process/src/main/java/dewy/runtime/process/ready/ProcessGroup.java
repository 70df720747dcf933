package dewy.runtime.process.ready;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The processes of a generation at one moment, as proc(5) tells: those of the process group of its leader, and its
 * descendants elsewhere.
 *
 * @param folders their folders in {@code /proc}
 */
record ProcessGroup(List<Path> folders) {
    private static final Path PROC = Path.of("/proc");

    static ProcessGroup ledBy(long leader) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (isOf(leader, process)) {
                    folders.add(process);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new ProcessGroup(folders);
    }

    /** Returns whether one of them has the socket with this number. */
    boolean hasSocket(long inode) {
        return folders.stream().anyMatch(process -> hasSocket(process, "socket:[" + inode + "]"));
    }

    private static boolean isOf(long leader, Path process) {
        try {
            // The name of the program, in parentheses, may hold anything.
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[2]) == leader || descends(leader, process);
        } catch (IOException e) {
            // It ended meanwhile.
            return false;
        }
    }

    private static boolean descends(long leader, Path process) {
        return ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                .flatMap(ProcessHandle::parent)
                .filter(parent -> parent.pid() == leader || descends(leader, PROC.resolve(Long.toString(parent.pid()))))
                .isPresent();
    }

    private static boolean hasSocket(Path process, String name) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (isLinkTo(name, descriptor)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException e) {
            // It ended meanwhile, or may not be looked into.
            return false;
        }
    }

    private static boolean isLinkTo(String name, Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(name);
        } catch (IOException e) {
            return false;
        }
    }
}
