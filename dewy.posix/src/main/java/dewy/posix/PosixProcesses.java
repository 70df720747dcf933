package dewy.posix;

import com.sun.jna.StringArray;
import com.sun.jna.ptr.IntByReference;
import dewy.api.ApplicationException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.process.ChildProcess;
import dewy.api.process.Processes;
import dewy.api.process.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.osgi.service.component.annotations.Component;

/** Starts child processes with posix_spawn(3). */
@Component
public final class PosixProcesses implements Processes {
    @Override
    public ChildProcess spawn(Spawn spawn) throws DewyException {
        CLibrary.require();
        Wrapping wrapping = Wrapping.of(spawn);
        checkOutput(spawn.output());
        Child child = new Child(start(spawn, wrapping));
        child.watch();
        return child;
    }

    private static int start(Spawn spawn, Wrapping wrapping) throws ApplicationException {
        IntByReference pid = new IntByReference();
        String[] environment = wrapping.environment().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toArray(String[]::new);
        try (SpawnActions actions = new SpawnActions(spawn)) {
            int error = CLibrary.posix_spawn(
                    pid,
                    wrapping.command().get(0),
                    actions.actions(),
                    actions.attributesPointer(),
                    new StringArray(wrapping.command().toArray(String[]::new), "UTF-8"),
                    new StringArray(environment, "UTF-8"));
            if (error != 0) {
                throw failed(spawn.command().get(0), error);
            }
        }
        return pid.getValue();
    }

    /** Opens the output once here, so that its failure is not mistaken for one of the program. */
    private static void checkOutput(Path output) throws StorageException {
        try {
            Files.newByteChannel(output, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of(
                            "write the output of a process to",
                            output,
                            String.valueOf(e.getMessage()),
                            "Check its folder, its owner and the free space"),
                    e);
        }
    }

    private static ApplicationException failed(String program, int error) {
        String advice =
                switch (error) {
                    case Constants.ENOENT -> "If it is a script, check the interpreter in its first line";
                    case Constants.ENOEXEC ->
                        "Check that it was built for this platform; a script needs a first line" + " such as #!/bin/sh";
                    case Constants.EACCES -> "Check its execute bit, and that its file system is not mounted noexec";
                    default -> "";
                };
        return Program.failed(program, CLibrary.strerror(error), advice);
    }
}
