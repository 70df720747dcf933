package dewy.engine;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dewy.api.Call;
import dewy.api.DewyException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Has commands run within containers. Safe for use by several threads. */
public record Commands(Engine engine) {
    /**
     * How a command ended.
     *
     * @param code its exit code; 126 or 127 where the container has no such program
     * @param output what it wrote to its standard output
     * @param errors what it wrote to its standard error
     */
    public record Result(long code, String output, String errors) {}

    /** Runs a command in a container that runs, and returns once it has ended. When the call ends before, it goes on alone. */
    public Result run(Call call, String container, List<String> command) throws DewyException {
        String tried = "run " + command.get(0) + " in the container";
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        long code = engine.ask(call, tried, container, client -> {
            String id = client.execCreateCmd(container)
                    .withCmd(command.toArray(String[]::new))
                    .withAttachStdout(true)
                    .withAttachStderr(true)
                    .exec()
                    .getId();
            StreamEnd<Frame> stream = new StreamEnd<>(frame -> {
                boolean isError = frame.getStreamType() == StreamType.STDERR;
                (isError ? errors : output).writeBytes(frame.getPayload());
            });
            client.execStartCmd(id).exec(stream);
            stream.await(call);
            return Optional.ofNullable(client.inspectExecCmd(id).exec().getExitCodeLong())
                    .orElse(-1L);
        });
        return new Result(code, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    }
}
