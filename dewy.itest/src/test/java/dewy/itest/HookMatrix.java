package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An app for each way in which a hook may fail, all of them in one agent; each fails before and after a deployment. */
record HookMatrix(Path folder) {
    /**
     * A way to fail.
     *
     * @param command what the hook does
     * @param error what is told of it
     * @param exitCode its exit code; empty where it had to be ended
     * @param stdout what it wrote before
     */
    record Case(String name, String command, String error, String exitCode, String stdout, String stderr) {}

    static final List<Case> CASES = List.of(
            new Case("fails", "echo out; echo err >&2; exit 3", "command failed with exit code 3", "3", "out", "err"),
            new Case("killed", "echo out; kill -9 $$", "command was ended by signal 9", "137", "out", ""),
            new Case("missing", "./missing", "command failed with exit code 127", "127", "", "./missing"),
            new Case("plain", ": > f; ./f", "command failed with exit code 126", "126", "", "./f: Permission denied"),
            script("interpreter", "#!/usr/bin/pythn3\\n", "names /usr/bin/pythn3, which is not there", "./script"),
            script("windows", "#!/bin/sh\\r\\n", "ends in a carriage return", "./script"),
            script("env", "#!/usr/bin/env nope\\n", "has env look for nope, which is not in PATH", "nope"),
            new Case("hangs", "echo out; sleep 1000", "command was ended since it took longer than 1s", "", "out", ""),
            new Case(
                    "deaf",
                    "trap '' TERM; sleep 1000 & echo out; while :; do sleep 1; done",
                    "command was ended since it took longer than 1s",
                    "",
                    "out",
                    ""));

    /** A script that cannot be run for what is in its first line. */
    private static Case script(String name, String line, String why, String stderr) {
        String command = "printf '" + line + "' > script; chmod +x script; ./script";
        String error = "command failed with exit code 127: ./script: its first line " + why;
        return new Case(name, command, error, "127", "", stderr);
    }

    static HookMatrix in(Path folder, Registry registry, String policy) throws IOException {
        StringBuilder yaml = new StringBuilder("defaults:\n  interval: 200ms\n  hook-timeout: 1s\n");
        yaml.append("  registry: ").append(registry.url()).append('\n');
        yaml.append("  hook-failure: ").append(policy).append("\napps:\n");
        for (Case bad : CASES) {
            String quoted = "'" + bad.command().replace("'", "''") + "'";
            yaml.append("  ").append(bad.name()).append(":\n");
            yaml.append("    before-deploy-hook: ").append(quoted).append('\n');
            yaml.append("    after-deploy-hook: ").append(quoted).append('\n');
        }
        Files.writeString(folder.resolve("dewy.yaml"), yaml);
        return new HookMatrix(folder);
    }

    AgentProcess start() throws IOException {
        return AgentProcess.start(folder, "host", "-d", folder.toString(), "-f", "json", "-l", "debug");
    }

    Path app(Case bad) {
        return folder.resolve(bad.name());
    }

    void failed(AgentProcess agent, Case bad, String message) throws InterruptedException {
        Map<String, String> record = record(agent, bad, message);
        assertThat(record.get("error")).as(bad.name()).isEqualTo(bad.error());
        assertThat(record.getOrDefault("exit_code", "")).as(bad.name()).isEqualTo(bad.exitCode());
        assertThat(record.getOrDefault("stdout", "")).as(bad.name()).isEqualTo(bad.stdout());
        assertThat(record.getOrDefault("stderr", "")).as(bad.name()).contains(bad.stderr());
    }

    /** Waits for a record about the app of a case, which may be there already. */
    Map<String, String> record(AgentProcess agent, Case bad, String message) throws InterruptedException {
        return agent.find(
                "\"" + message + "\" of " + bad.name(),
                record -> message.equals(record.get("msg")) && bad.name().equals(record.get("app")));
    }
}
