package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How an agent is started.
 *
 * @param by what replaces itself by the agent, which so is the child of the test all the same; empty for nothing
 * @param jvm JVM flags
 * @param jar the launcher
 */
record AgentCommand(List<String> by, List<String> jvm, Path jar) {
    private static final List<String> SMALL = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private static final List<String> QUIET = List.of("-Xmx96m", "-Xlog:cds=off", "-Xlog:cds+dynamic=off");

    /** Starts the jar as it is. */
    static AgentCommand of(Path jar) {
        return new AgentCommand(List.of(), SMALL, jar);
    }

    /** Starts the jar of the build with the archive of classes that the build left beside it, as the script does. */
    static AgentCommand ofBuild() throws IOException {
        AgentCommand bare = of(AgentProcess.jar());
        try (Stream<Path> files = Files.list(AgentProcess.jar().resolveSibling(""))) {
            return files.filter(file -> file.toString().endsWith(".jsa"))
                    .findFirst()
                    .map(bare::withArchive)
                    .orElse(bare);
        }
    }

    AgentCommand with(List<String> more) {
        return new AgentCommand(by, joined(jvm, more), jar);
    }

    AgentCommand by(List<String> words) {
        return new AgentCommand(words, jvm, jar);
    }

    /** Has an agent run to its end that leaves an archive of its classes, by which later ones start in half the time. */
    AgentCommand withClassArchive(Path folder) throws Exception {
        Path archive = folder.resolve("classes.jsa");
        Path scratch = Files.createDirectories(folder.resolve("scratch"));
        Registry registry = Registry.in(scratch.resolve("registry"));
        registry.publishScript("v1.0.0", "#!/bin/sh\nexec sleep 600\n");
        AgentCommand quiet = with(QUIET);
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", scratch.toString());
        String[] arguments = ("server --registry " + registry.url() + " -f json -l debug -d " + scratch
                        + " --ready-time 100ms -p 127.0.0.1:" + Ports.free() + " -- current/app")
                .split(" ", -1);
        try (AgentProcess agent = AgentProcess.start(
                scratch, quiet.with(List.of("-XX:ArchiveClassesAtExit=" + archive)), environment, arguments)) {
            agent.await("Deployment completed");
            assertThat(agent.stop()).isZero();
        }
        return withArchive(archive);
    }

    private AgentCommand withArchive(Path archive) {
        return with(QUIET).with(List.of("-XX:SharedArchiveFile=" + archive));
    }

    List<String> line(List<String> arguments) {
        return Stream.of(by, List.of(AgentProcess.java()), jvm, List.of("-jar", jar.toString()), arguments)
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> joined(List<String> first, List<String> more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(more);
        return all;
    }
}
