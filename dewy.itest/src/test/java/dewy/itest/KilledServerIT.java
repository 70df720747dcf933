package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server's agent is killed after each note it makes and at random instants, again and again, while new versions appear:
 * the next agent goes on, and no request is lost.
 */
@Tag("long")
@Timeout(900)
class KilledServerIT {
    private static final int SITES = 2;
    private static final boolean LONG = Boolean.getBoolean("dewy.long");
    private static final int KILLS = (LONG ? 200 : 24) / SITES;
    private static final long SEED = Long.getLong("dewy.test.seed", 1);

    /** All that the journal can end with while a release is deployed; few kills may miss one. */
    private static final List<String> BOUNDARIES = List.of(
            "DEPLOY INTENT", "PREPARE INTENT", "PREPARE DONE", "ACTIVATE INTENT", "ACTIVATE DONE", "DEPLOY DONE");

    @TempDir
    Path folder;

    @Test
    void losesNoRequestAndNothingItDeployedHoweverOftenItIsKilled() throws Exception {
        Tools.require("python3");
        System.out.println("-Ddewy.test.seed=" + SEED);
        AgentCommand command = AgentCommand.ofBuild();
        List<Callable<Map<String, Integer>>> sites = Stream.iterate(0, site -> site < SITES, site -> site + 1)
                .<Callable<Map<String, Integer>>>map(site -> () -> {
                    Path place = Files.createDirectories(folder.resolve("site" + site));
                    try (KilledSite killed = KilledSite.in(place, command, new Random(SEED + site))) {
                        return killed.survives(site * KILLS, KILLS);
                    }
                })
                .toList();
        Map<String, Integer> killedAt = new TreeMap<>();
        SideBySide.run(sites).forEach(site -> site.forEach((step, kills) -> killedAt.merge(step, kills, Integer::sum)));
        System.out.println("killed after " + killedAt);
        assertThat(killedAt).containsKeys(LONG ? BOUNDARIES.toArray(String[]::new) : new String[] {"DEPLOY INTENT"});
    }
}
