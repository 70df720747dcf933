package dewy.itest;

import dewy.itest.TakeoverRounds.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Under load an agent is killed, the next one takes over and upgrades: round after round, in each way, for each user. */
@Tag("long")
@Timeout(900)
class TakeoverRoundsIT {
    private static final int ROUNDS = Boolean.getBoolean("dewy.long") ? 20 : 2;
    private static final int FEW_ROUNDS = 2;

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static AgentCommand command = AgentCommand.of(AgentProcess.jar());

    @BeforeAll
    static void putTheJarWhereEverybodyMayReadIt() throws Exception {
        Tools.require("python3");
        Tools.require("setpriv");
        Tools.requireRoot();
        open(shared);
        Path jar = Files.copy(AgentProcess.jar(), shared.resolve("dewy-launcher.jar"));
        command = AgentCommand.of(jar).withClassArchive(shared);
    }

    @BeforeEach
    void letEverybodyIn() throws Exception {
        open(folder);
    }

    @ParameterizedTest
    @EnumSource(names = "ANY", mode = EnumSource.Mode.EXCLUDE)
    void loseNoRequest(Way way) throws Exception {
        String script = Registry.resource("apps/server.py");
        SideBySide.run(Stream.of("root", "nobody")
                .<Callable<Long>>map(user -> () -> {
                    try (TakeoverRounds rounds = TakeoverRounds.in(folder.resolve(user), command, user, script, way)) {
                        return rounds.run(ROUNDS, way);
                    }
                })
                .toList());
    }

    /** A server that may not be dumped may be traced by root alone, so its sockets cannot be duplicated. */
    @Test
    void loseNoRequestWhereAPlainUserMayNotTraceTheServer() throws Exception {
        String undumpable = Registry.resource("apps/server.py")
                .replace("import os\n", "import ctypes\nimport os\nctypes.CDLL(None).prctl(4, 0)\n");
        try (TakeoverRounds rounds = TakeoverRounds.in(folder.resolve("app"), command, "nobody", undumpable, Way.ANY)) {
            rounds.isNoWay(Way.PIDFD);
            rounds.run(FEW_ROUNDS, Way.ANY);
        }
    }

    private static void open(Path folder) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
