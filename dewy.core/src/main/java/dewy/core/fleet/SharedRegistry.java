package dewy.core.fleet;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Cursor;
import dewy.api.registry.Outlining;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.release.Artifact;
import dewy.api.release.Release;
import dewy.core.backoff.Pause;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.ReadableTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A registry whose answers serve all hosts of an app for a while. What the registry answered last serves while it is down,
 * and people are told when that lasts. For one thread.
 */
public final class SharedRegistry {
    private static final String CURSOR = "shared ";

    /** An answer that serves although it is older than it should be. */
    private record Stale(Instant since, String why) {}

    private final SharedAnswers answers;
    private final Duration staleAfter;
    private final InstantSource clock;
    private Optional<Answer> latest = Optional.empty();
    private Optional<Stale> stale = Optional.empty();
    private Optional<Stale> told = Optional.empty();
    /** What this host had the registry complete since it changed, and what others had, of which its own does not know. */
    private final Set<String> completedHere = new HashSet<>();

    private final Map<String, Release> completedElsewhere = new LinkedHashMap<>();

    public SharedRegistry(
            SharedStore store,
            PluginUrl registry,
            FleetSettings settings,
            InstantSource clock,
            EventScope events,
            Pause pause) {
        Duration window = settings.registryTtl().orElseThrow();
        this.answers = new SharedAnswers(store, registry, window, clock, events, pause);
        this.staleAfter = settings.staleAfter();
        this.clock = clock;
    }

    /** Returns it as one that is asked during a call, by this host's own instance where it is this one's turn. */
    public Registry during(CancellableCall call, Registry own) {
        return own instanceof Outlining outlining
                ? new OutliningView(call, own, outlining)
                : new View(call, own, Optional.empty());
    }

    /** Returns what is to be added to a reason; empty as long as the registry answers. */
    public String remark() {
        return stale.map(answer -> "; the registry has not answered for " + age(answer)
                        + ", what it answered before serves: " + answer.why())
                .orElse("");
    }

    /** Tells people when the registry has not answered for long, and when it does again. */
    public void tell(EventScope events) {
        boolean isLong = stale.isPresent()
                && Duration.between(stale.get().since(), clock.instant()).compareTo(staleAfter) >= 0;
        if (isLong && told.isEmpty()) {
            events.publish(EventKind.REGISTRY_STALE, stale.get().why(), age(stale.get()));
            told = stale;
        } else if (stale.isEmpty() && told.isPresent()) {
            events.publish(EventKind.REGISTRY_RECOVERED, age(told.get()));
            told = Optional.empty();
        }
    }

    private String age(Stale answer) {
        return ReadableTime.of(Duration.between(answer.since(), clock.instant()));
    }

    private class View implements Registry {
        final CancellableCall call;
        private final Registry own;
        private final Optional<Outlining> outlining;

        View(CancellableCall call, Registry own, Optional<Outlining> outlining) {
            this.call = call;
            this.own = own;
            this.outlining = outlining;
        }

        @Override
        public Poll poll(Call unused, Optional<Cursor> cursor) throws DewyException {
            Answer answer = answers.ask(call, "releases", latest, this::ask);
            if (answer.content().isEmpty()) {
                throw answers.unanswered(answer);
            }
            latest = Optional.of(answer);
            stale = answer.failure()
                    .or(() -> answers.isOld(answer) ? Optional.of("no host has asked it since") : Optional.empty())
                    .map(why -> new Stale(answer.asked(), why));
            return poll(answer.content().get(), cursor);
        }

        private Poll poll(Answer.Content content, Optional<Cursor> cursor) {
            Cursor now = new Cursor(CURSOR + AnswerText.id(content));
            if (cursor.equals(Optional.of(now))) {
                return Poll.unchanged(now);
            }
            Poll changed = Poll.changed(content.releases(), now);
            Poll remarked = content.remark().map(changed::remark).orElse(changed);
            return content.selected() ? remarked.selectedForHost() : remarked;
        }

        private SharedAnswers.Reply ask(CancellableCall asking, Optional<Answer.Content> before) throws DewyException {
            Poll poll = own.poll(asking, before.map(content -> new Cursor(content.cursor())));
            if (poll.releases().isEmpty() && isOvertaken(asking)) {
                poll = own.poll(asking, Optional.empty());
            }
            if (poll.releases().isPresent()) {
                completedHere.clear();
                completedElsewhere.clear();
            }
            Poll last = poll;
            Answer.Content content = poll.releases()
                    .map(releases -> new Answer.Content(releases, last.remark(), "", last.selected()))
                    .or(() -> before)
                    .orElseThrow()
                    .endedAt(poll.cursor().state());
            return new SharedAnswers.Reply(content, poll.notBefore().orElse(Duration.ZERO));
        }

        /** Returns whether a release is another one than when another host had it completed. */
        private boolean isOvertaken(CancellableCall asking) throws DewyException {
            boolean overtaken = false;
            for (Release known : completedElsewhere.values()) {
                Release outline = new Release(known.tag(), Optional.empty(), List.of());
                overtaken |= !outlining.orElseThrow().complete(asking, outline).equals(known);
            }
            completedElsewhere.clear();
            return overtaken;
        }

        @Override
        public Artifact describe(Call unused, Release release, Artifact artifact) throws DewyException {
            Release described = one(
                    "artifact " + release.tag() + " " + artifact.name(),
                    asking -> new Release(
                            release.tag(), release.created(), List.of(own.describe(asking, release, artifact))));
            return described.artifacts().get(0);
        }

        /** Asks about one release. */
        final Release one(String about, Errand errand) throws DewyException {
            Answer answer = answers.ask(
                    call,
                    about,
                    Optional.empty(),
                    (asking, before) -> new SharedAnswers.Reply(Answer.Content.of(errand.run(asking)), Duration.ZERO));
            return answer.content()
                    .orElseThrow(() -> answers.unanswered(answer))
                    .releases()
                    .get(0);
        }

        /** It is whose it was made for. */
        @Override
        public void close() {}
    }

    private interface Errand {
        Release run(CancellableCall call) throws DewyException;
    }

    private final class OutliningView extends View implements Outlining {
        private final Outlining itself;

        OutliningView(CancellableCall call, Registry own, Outlining itself) {
            super(call, own, Optional.of(itself));
            this.itself = itself;
        }

        @Override
        public Release complete(Call unused, Release outline) throws DewyException {
            Release complete = one("release " + outline.tag(), asking -> {
                completedHere.add(outline.tag());
                return itself.complete(asking, outline);
            });
            if (!completedHere.contains(complete.tag())) {
                completedElsewhere.put(complete.tag(), complete);
            }
            return complete;
        }
    }
}
