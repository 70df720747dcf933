package dewy.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnreachableException;
import dewy.api.event.Event;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Cursor;
import dewy.api.registry.Outlining;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.release.Artifact;
import dewy.api.release.Release;
import dewy.api.store.Claim;
import dewy.api.store.Store;
import dewy.core.backoff.Pause;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import dewy.core.plugin.PluggedIn;
import dewy.core.plugin.PluginKind;
import dewy.core.plugin.PluginSlot;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several hosts of one app, with one registry and one store; each looks when the test says so. */
class SharedRegistryTest {
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private final PluggedIn plugins;
    private final List<Event> events = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final SharedPlace place = new SharedPlace(() -> SharedPlace.nanos(clock()));
    private final Remote remote = new Remote();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    SharedRegistryTest(@TempDir Path folder) {
        plugins = new PluggedIn(folder);
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable slot : open) {
            slot.close();
        }
        plugins.close();
    }

    @Test
    void askedByOneHostInAWindowWhicheverThatIs() throws Exception {
        Host first = host("first");
        Host second = host("second");
        remote.releases = List.of(release("v1.0.0"));

        assertThat(first.look()).containsExactly("v1.0.0");
        assertThat(second.look()).containsExactly("v1.0.0");
        now = now.plusSeconds(29);
        assertThat(first.look()).as("unchanged").isEmpty();
        assertThat(remote.polls).containsExactly("first -");

        now = now.plusSeconds(2);
        assertThat(second.look()).as("unchanged").isEmpty();
        assertThat(first.look()).as("unchanged").isEmpty();
        assertThat(remote.polls).as("by the cursor of the other one").containsExactly("first -", "second 1");
    }

    @Test
    void whatChangedReachesAllHosts() throws Exception {
        Host first = host("first");
        Host second = host("second");
        remote.releases = List.of(release("v1.0.0"));
        first.look();
        second.look();
        remote.publish(release("v1.1.0"));
        now = now.plus(WINDOW);

        assertThat(second.look()).containsExactly("v1.0.0", "v1.1.0");
        assertThat(first.look()).containsExactly("v1.0.0", "v1.1.0");
        assertThat(remote.polls).hasSize(2);
        assertThat(first.last.releases()).isEqualTo(second.last.releases());
    }

    @Test
    void takenOverFromAHostThatDiedWhileItAsked() throws Exception {
        String key = key();
        place.acquire(call(), new Claim(key, "dead", WINDOW));
        remote.releases = List.of(release("v1.0.0"));
        Host next = host("next");
        // It waits for the answer of the other one, until the lease of that one is over.
        next.whenWaiting = () -> now = now.plusSeconds(10);

        assertThat(next.look()).containsExactly("v1.0.0");
        assertThat(remote.polls).containsExactly("next -");
        assertThat(next.waited).isEqualTo(3);
    }

    @Test
    void whatItAnsweredLastServesWhileItIsDownAndPeopleAreToldWhenThatLasts() throws Exception {
        Host first = host("first");
        Host second = host("second");
        remote.releases = List.of(release("v1.0.0"));
        first.look();
        remote.failure = new UnreachableException(Problem.of("ask", "it", "nobody listens", ""));
        now = now.plusSeconds(40);

        assertThat(second.look()).containsExactly("v1.0.0");
        assertThat(first.look()).as("unchanged").isEmpty();
        assertThat(remote.polls).as("once in a window, although it is down").hasSize(2);
        for (Host host : List.of(first, second)) {
            assertThat(host.shared.remark())
                    .isEqualTo("; the registry has not answered for 40s, what it answered before serves: Cannot ask it:"
                            + " nobody listens");
        }
        assertThat(told("registry.stale")).isEmpty();

        now = now.plus(Duration.ofMinutes(15));
        second.look();
        second.look();
        assertThat(told("registry.stale")).singleElement().satisfies(event -> assertThat(event.data())
                .containsEntry("duration", "15m40s")
                .containsEntry("error", "Cannot ask it: nobody listens"));

        remote.failure = null;
        now = now.plus(WINDOW);
        second.look();
        assertThat(second.shared.remark()).isEmpty();
        assertThat(told("registry.recovered")).hasSize(1);
    }

    @Test
    void failsWhereNoHostWasEverAnsweredAndSaysWhoAsked() throws Exception {
        remote.failure = new UnreachableException(Problem.of("ask", "it", "nobody listens", ""));
        Host first = host("first");
        Host second = host("second");

        assertThatThrownBy(first::look).hasMessage("Cannot ask it: nobody listens");
        assertThatThrownBy(second::look)
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("first asked it for all hosts: Cannot ask it: nobody listens");
        assertThat(remote.polls).containsExactly("first -");
    }

    @Test
    void leftAloneByAllHostsWhenItAsksOneForThat() throws Exception {
        Host first = host("first");
        Host second = host("second");
        remote.releases = List.of(release("v1.0.0"));
        first.look();
        now = now.plus(WINDOW);
        remote.failure =
                new RateLimitedException(Problem.of("ask", "it", "too often", ""), now.plus(Duration.ofMinutes(10)));
        second.look();
        remote.failure = null;
        now = now.plus(Duration.ofMinutes(9));

        first.look();
        second.look();
        assertThat(remote.polls).hasSize(2);
        now = now.plus(Duration.ofMinutes(1));
        first.look();
        assertThat(remote.polls).hasSize(3);
    }

    @Test
    void askedByAnotherHostWhereOneIsRefused() throws Exception {
        Host first = host("first");
        Host second = host("second");
        remote.failure = new InvalidException(Problem.of("ask", "it", "the token is wrong", ""));
        assertThatThrownBy(first::look).hasMessageContaining("the token is wrong");

        remote.failure = null;
        remote.releases = List.of(release("v1.0.0"));
        assertThat(second.look()).containsExactly("v1.0.0");
        assertThat(first.look()).containsExactly("v1.0.0");
    }

    @Test
    void askedByEachHostWhileTheStoreIsDown() throws Exception {
        Host first = host("first");
        remote.releases = List.of(release("v1.0.0"));
        first.look();
        place.down = true;
        now = now.plus(WINDOW);

        assertThat(first.look()).as("unchanged").isEmpty();
        assertThat(first.look()).as("unchanged").isEmpty();
        assertThat(remote.polls).containsExactly("first -", "first 1", "first 1");
        assertThat(told("store.failed")).hasSize(1);

        place.down = false;
        now = now.plus(WINDOW);
        first.look();
        first.look();
        assertThat(remote.polls).hasSize(4);
        assertThat(told("store.restored")).hasSize(1);
    }

    @Test
    void askedByEachHostInTheTimeThatIsLeftWhereTheStoreDoesNotAnswer() throws Exception {
        Host first = host("first");
        remote.releases = List.of(release("v1.0.0"));
        place.delay(Duration.ofSeconds(16), this::pass);

        assertThat(first.look()).containsExactly("v1.0.0");
        assertThat(first.look()).as("unchanged").isEmpty();
        now = now.plus(WINDOW);
        place.delay(Duration.ofSeconds(6), this::pass);
        assertThat(first.look(Duration.ofSeconds(10))).as("unchanged").isEmpty();
        assertThat(remote.polls).hasSize(3);
        assertThat(told("store.failed")).singleElement().satisfies(event -> assertThat(event.data())
                .containsEntry("error", "The store test: did not answer within 15s"));
    }

    @Test
    void noHostGoesBackToAnEarlierAnswerWhereTheStoreForgotTheLastOne() throws Exception {
        Host first = host("first");
        Host second = host("second");
        remote.releases = List.of(release("v1.0.0"));
        remote.notBefore = Duration.ofMinutes(10);
        first.look();
        second.look();
        place.save();
        place.down = true;
        remote.publish(release("v1.1.0"));
        remote.notBefore = Duration.ZERO;
        assertThat(second.look()).as("alone").containsExactly("v1.0.0", "v1.1.0");
        place.down = false;
        place.goBack();

        // The answer in the store is good still, and older than what this host knows.
        now = now.plusSeconds(31);
        assertThat(second.look()).as("unchanged").isEmpty();
        assertThat(first.look()).containsExactly("v1.0.0", "v1.1.0");
    }

    @Test
    void askedByEachHostWhereWhoeverHasTheTurnNeverWritesWhatItWasAnswered() throws Exception {
        Host first = host("first");
        remote.releases = List.of(release("v1.0.0"));
        first.look();
        now = now.plus(WINDOW.multipliedBy(4));
        heldByASilentHost(first);
        assertThat(first.look()).as("unchanged").isEmpty();
        assertThat(first.waited).isEqualTo(5);
        assertThat(first.look()).as("unchanged").isEmpty();
        assertThat(remote.polls).as("its own answer serves for a window").hasSize(2);

        remote.publish(release("v1.1.0"));
        now = now.plus(WINDOW.multipliedBy(4));
        heldByASilentHost(first);
        assertThat(first.look()).containsExactly("v1.0.0", "v1.1.0");
        assertThat(told("registry.unshared")).singleElement().satisfies(event -> assertThat(event.data())
                .containsEntry("reason", "the host whose turn it is has not written what it was answered"));

        first.whenWaiting = () -> {};
        Host second = host("second");
        now = now.plus(WINDOW.multipliedBy(4));
        second.look();
        first.look();
        now = now.plus(WINDOW.multipliedBy(4));
        heldByASilentHost(first);
        first.look();
        assertThat(told("registry.unshared")).as("again").hasSize(2);
    }

    @Test
    void askedByEachHostWhereWhoeverHasTheTurnNeverWroteAnything() throws Exception {
        Host next = host("next");
        key();
        remote.releases = List.of(release("v1.0.0"));
        heldByASilentHost(next);
        assertThat(next.look()).containsExactly("v1.0.0");
    }

    @Test
    void askedByOneHostAlsoWhereAllBeginAfterALongTime() throws Exception {
        Host first = host("first");
        Host second = host("second");
        remote.releases = List.of(release("v1.0.0"));
        first.look();
        remote.publish(release("v1.1.0"));
        now = now.plus(WINDOW.multipliedBy(4));

        // It is about to ask when the other one begins.
        place.acquire(call(), new Claim(place.claimed().get(0), "second", WINDOW));
        first.whenWaiting = second::look;
        assertThat(first.look()).containsExactly("v1.0.0", "v1.1.0");
        assertThat(second.last).isEqualTo(first.last);
        assertThat(remote.polls).containsExactly("first -", "second 1");
        assertThat(told("registry.unshared")).isEmpty();
    }

    @Test
    void askedByEachHostWhereItSelectsForThem() throws Exception {
        Host first = host("first");
        Host second = host("second");
        remote.selects = true;
        remote.releases = List.of(release("v1.0.0"));

        assertThat(first.look()).containsExactly("v1.0.0");
        assertThat(first.last.selected()).isTrue();
        assertThat(second.look()).containsExactly("v1.0.0");
        assertThat(remote.polls).containsExactly("first -", "second -");
        assertThat(told("registry.unshared")).hasSize(2).allSatisfy(event -> assertThat(event.data())
                .containsEntry("reason", "the registry selects for each host itself"));
    }

    @Test
    void sharesSomeThousandReleasesAndSaysWhereAnAnswerIsTooLong() throws Exception {
        Host first = host("first");
        Host second = host("second");
        remote.releases =
                IntStream.range(0, 3_000).mapToObj(i -> release("v1.0." + i)).toList();
        assertThat(first.look()).hasSize(3_000);
        assertThat(second.look()).hasSize(3_000);
        assertThat(second.last.releases()).isEqualTo(Optional.of(remote.releases));
        assertThat(remote.polls).hasSize(1);

        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        remote.publish(release(HexFormat.of().formatHex(noise)));
        now = now.plus(WINDOW);
        assertThat(first.look()).hasSize(3_001);
        assertThat(second.look()).hasSize(3_001);
        assertThat(remote.polls).hasSize(3);
        assertThat(told("registry.unshared")).hasSize(2);
    }

    @Test
    void completesAReleaseOnceForAllHostsAndSeesItReplacedWhoeverAsks() throws Exception {
        remote.outlines = true;
        Host first = host("first");
        Host second = host("second");
        remote.releases = List.of(release("v1.0.0"));
        first.look();
        second.look();
        assertThat(first.complete("v1.0.0")).isEqualTo(release("v1.0.0"));
        assertThat(second.complete("v1.0.0")).isEqualTo(release("v1.0.0"));
        assertThat(remote.completed).containsExactly("first v1.0.0");

        remote.releases = List.of(new Release("v1.0.0", Optional.empty(), List.of(Artifact.archive("other.zip", "1"))));
        now = now.plus(WINDOW);
        // The registry of the second host was never asked for the release: it cannot know what it was before.
        assertThat(second.look()).containsExactly("v1.0.0");
        assertThat(second.complete("v1.0.0")).isEqualTo(remote.releases.get(0));
    }

    @Test
    void hostsWithAnotherRegistryUnderTheSameNameReadNothingOfEachOther() throws Exception {
        remote.releases = List.of(release("v1.0.0"));
        host("first").look();
        Host moved = new Host("second", PluginUrl.parse("test:elsewhere"));
        moved.look();
        assertThat(remote.polls).containsExactly("first -", "second -");
        assertThat(place.size()).isEqualTo(2);
    }

    @Test
    void takesWhatAnAgentOfAnotherVersionWroteForNoAnswer() {
        assertThat(AnswerText.parse("{\"format\":\"2\",\"by\":\"x\"}")).isEmpty();
        assertThat(AnswerText.parse("{\"format\":\"1\"}")).isEmpty();
        assertThat(AnswerText.parse("H4sIAAAA")).isEmpty();
        assertThat(AnswerText.parse("")).isEmpty();
    }

    private Instant clock() {
        return now;
    }

    private String key() throws DewyException {
        Host probe = host("probe");
        remote.releases = List.of();
        probe.look();
        String key = place.list(call(), "registry/").get(0).key();
        now = now.plus(Duration.ofDays(2)); // What it wrote is forgotten.
        remote.polls.clear();
        return key;
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    /** Has a host get the turn again and again that writes nothing. */
    private void heldByASilentHost(Host waiting) throws DewyException {
        Claim claim = new Claim(place.claimed().get(0), "silent", WINDOW);
        place.acquire(call(), claim);
        waiting.whenWaiting = () -> {
            pass(Duration.ofSeconds(10));
            place.acquire(call(), claim);
        };
    }

    private CancellableCall call() {
        return call(Duration.ofMinutes(1));
    }

    private CancellableCall call(Duration limit) {
        return CancellableCall.of(
                "test", Optional.empty(), limit, () -> SharedPlace.nanos(now), (what, done, total) -> {});
    }

    private List<Event> told(String type) {
        return events.stream().filter(event -> event.type().equals(type)).toList();
    }

    private static Release release(String tag) {
        return new Release(
                tag,
                Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                List.of(Artifact.archive("app.zip", tag).withSize(7)));
    }

    private Host host(String name) throws DewyException {
        return new Host(name, PluginUrl.parse("test:"));
    }

    private interface Meanwhile {
        void happens() throws DewyException;
    }

    private final class Host {
        private final String name;
        private final SharedRegistry shared;
        private final EventScope scope;
        private final Own own;
        private Meanwhile whenWaiting = () -> {};
        private int waited;
        private Optional<Cursor> cursor = Optional.empty();
        private Poll last = Poll.unchanged(new Cursor(""));

        Host(String name, PluginUrl registry) throws DewyException {
            this.name = name;
            this.scope = new EventStream(() -> now, events::add, Runnable::run).scope("web");
            this.own = remote.outlines ? new OutliningOwn(name) : new Own(name);
            PluginSlot<Store> slot = plugins.slot(PluginKind.STORE, scope, (url, app) -> place);
            open.add(slot);
            SharedStore store = new SharedStore(slot, name, scope, () -> SharedPlace.nanos(now));
            FleetSettings settings = new FleetSettings(Optional.empty(), Optional.of(WINDOW), Duration.ofMinutes(15));
            this.shared = new SharedRegistry(store, registry, settings, () -> now, scope, new Pause() {
                @Override
                public Duration length(int failures) {
                    return Duration.ZERO;
                }

                @Override
                public void await(Call call, Duration length) throws DewyException {
                    waited++;
                    whenWaiting.happens();
                    call.check();
                }
            });
        }

        /** Returns the tags that it sees; none when nothing changed. */
        List<String> look() throws DewyException {
            return look(Duration.ofMinutes(1));
        }

        List<String> look(Duration limit) throws DewyException {
            try (CancellableCall call = call(limit)) {
                last = shared.during(call, own).poll(call, cursor);
                shared.tell(scope);
                cursor = Optional.of(last.cursor());
                return last.releases().stream()
                        .flatMap(List::stream)
                        .map(Release::tag)
                        .toList();
            }
        }

        Release complete(String tag) throws DewyException {
            try (CancellableCall call = call()) {
                Registry registry = shared.during(call, own);
                return ((Outlining) registry).complete(call, new Release(tag, Optional.empty(), List.of()));
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** What all hosts ask. */
    private static final class Remote {
        private final List<String> polls = new ArrayList<>();
        private final List<String> completed = new ArrayList<>();
        private List<Release> releases = List.of();
        private int revision = 1;
        private boolean selects;
        private Duration notBefore = Duration.ZERO;
        private boolean outlines;
        private @Nullable DewyException failure;

        void publish(Release release) {
            releases = Stream.concat(releases.stream(), Stream.of(release)).toList();
            revision++;
        }
    }

    private class Own implements Registry {
        private final String host;

        Own(String host) {
            this.host = host;
        }

        @Override
        public Poll poll(Call call, Optional<Cursor> from) throws DewyException {
            remote.polls.add(host + " " + from.map(Cursor::state).orElse("-"));
            if (remote.failure != null) {
                throw remote.failure;
            }
            Cursor cursor = new Cursor(Integer.toString(remote.revision));
            if (from.equals(Optional.of(cursor))) {
                return Poll.unchanged(cursor);
            }
            Poll changed = Poll.changed(remote.releases, cursor);
            Poll limited = remote.notBefore.isZero() ? changed : changed.notBefore(remote.notBefore);
            return remote.selects ? limited.selectedForHost() : limited;
        }

        @Override
        public void close() {}
    }

    private final class OutliningOwn extends Own implements Outlining {
        private final String host;

        OutliningOwn(String host) {
            super(host);
            this.host = host;
        }

        @Override
        public Release complete(Call call, Release outline) {
            remote.completed.add(host + " " + outline.tag());
            return remote.releases.get(0);
        }
    }
}
