package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.CycleOutcome;
import dewy.archive.disk.ModelDisk;
import dewy.archive.disk.Watch;
import dewy.archive.disk.WatchedDisk;
import dewy.cache.file.FileCacheProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent goes on by itself wherever it was killed and wherever the power was cut: all that three deployments do to the
 * disk is recorded, and an agent is started on what each beginning of it leaves.
 *
 * <p>The disk is assumed to do what is asked in order, and in a power cut to lose of it, as {@link ModelDisk.View} says,
 * nothing, or the content that was not forced, or that and all names whose directory was not forced. It is not assumed to
 * forget what was forced, nor one name of a directory without the later ones.
 */
class PowerCutTest {
    private static final String[] VERSIONS = {"v1.0.0", "v2.0.0", "v3.0.0"};

    private final Path folder;
    private final Traces traces;

    /** How many changes had been made when it was told that a version is deployed. */
    private final List<Integer> told = new ArrayList<>();

    PowerCutTest(@TempDir Path temporary) {
        this.folder = temporary.resolve("host");
        this.traces = new Traces(folder);
    }

    private static final class Recording implements Watch {
        private final List<Consumer<ModelDisk>> changes = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void changed(Consumer<ModelDisk> change) {
            changes.add(change);
        }
    }

    @Test
    void goesOnFromWhateverIsLeft() throws Exception {
        List<Consumer<ModelDisk>> changes = record();
        Set<String> seen = new HashSet<>();
        ModelDisk disk = new ModelDisk(folder);
        for (int cut = 0; cut < changes.size(); cut++) {
            changes.get(cut).accept(disk);
            for (ModelDisk.View view : ModelDisk.View.values()) {
                if (seen.add(disk.describe(view))) {
                    traces.erase();
                    disk.write(view);
                    traces.leaveToAnother();
                    requireGoesOn("cut after change " + cut + " of " + changes.size() + ", " + view);
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(150);
    }

    @Test
    void remembersWhatItHasToldWasDone() throws Exception {
        List<Consumer<ModelDisk>> changes = record();
        for (int done = 0; done < VERSIONS.length; done++) {
            ModelDisk disk = new ModelDisk(folder);
            changes.subList(0, told.get(done)).forEach(change -> change.accept(disk));
            for (ModelDisk.View view : ModelDisk.View.values()) {
                traces.erase();
                disk.write(view);
                traces.leaveToAnother();
                requireDeployed(VERSIONS[done], "cut after " + VERSIONS[done] + ", " + view);
            }
        }
    }

    private void requireDeployed(String version, String where) throws Exception {
        ScriptedHost host = host(new Watch() {});
        try {
            assertThat(traces.current()).as(where).contains(version);
            assertThat(host.app().status().current().orElseThrow().version())
                    .as(where)
                    .isEqualTo(version);
            assertThat(host.app().history()).as(where).first().satisfies(past -> assertThat(past.version())
                    .isEqualTo(version));
        } finally {
            host.end();
        }
    }

    private List<Consumer<ModelDisk>> record() throws Exception {
        Recording recording = new Recording();
        Files.createDirectory(folder);
        ScriptedHost host = host(recording);
        try {
            for (String version : VERSIONS) {
                host.publish(version);
                host.pass(Duration.ofHours(1));
                assertThat(host.app().control().deploy("test").outcome()).isEqualTo(CycleOutcome.Kind.DEPLOYED);
                assertThat(traces.current()).contains(version);
                told.add(recording.changes.size());
            }
        } finally {
            host.end();
        }
        return List.copyOf(recording.changes);
    }

    private void requireGoesOn(String where) throws Exception {
        assertThat(traces.current()).as(where).satisfies(version -> {});
        ScriptedHost host = host(new Watch() {});
        try {
            host.publish(VERSIONS);
            host.pass(Duration.ofHours(9));
            host.app().start("test");
            host.app().control().deploy("test");

            assertThat(traces.current()).as(where).contains("v3.0.0");
            assertThat(host.app().status().quarantined()).as(where).isEmpty();
            assertThat(host.told("cycle.failed")).as(where).isEmpty();
            assertThat(host.told("housekeeping.failed")).as(where).isEmpty();
            traces.requireTidyApp(where);
            if (traces.cacheIsInUse()) {
                host.publish("v4.0.0");
                host.app().control().deploy("test");
                assertThat(traces.current()).as(where).contains("v4.0.0");
            }
        } finally {
            host.end();
        }
        traces.requireTidy(where);
    }

    private ScriptedHost host(Watch watch) {
        ScriptedHost host = new ScriptedHost(new WatchedDisk(watch).path(folder), new FileCacheProvider());
        host.options.put("keep-releases", List.of("1"));
        return host;
    }
}
