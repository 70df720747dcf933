package dewy.admin;

import static dewy.admin.Gate.Access.CHANGE;
import static dewy.admin.Gate.Access.PRIVATE;
import static dewy.admin.Gate.Access.READ;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dewy.admin.Route.Parameter;
import dewy.admin.Route.Result;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.control.Agent;
import dewy.api.control.AgentPhase;
import dewy.api.control.AppStatus;
import dewy.api.control.AuditEntry;
import dewy.api.control.Capsule;
import dewy.api.control.CycleOutcome;
import dewy.api.control.DeployedRelease;
import dewy.api.control.Evidence;
import dewy.api.control.Operation;
import dewy.api.control.Order;
import dewy.api.control.PastDeployment;
import dewy.api.control.PluginStatus;
import dewy.api.control.ProxyStatus;
import dewy.api.event.EventLog;
import dewy.api.proxy.Admission;
import dewy.api.runtime.ReplicaStatus;
import dewy.view.Explanation;
import dewy.view.OutputFile;
import dewy.view.Words;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What can be asked of the agent over HTTP: its control service, with the records of that as JSON. */
final class Api {
    private static final int MOST = 1_000;
    private static final int MOST_LINES = 5_000;
    private static final int FEW = 100;
    private static final int A_DAY = 86_400;
    private static final Parameter VERSION = Parameter.text("version", "the version, as its tag is written");

    private final Agent agent;
    private final EventLog events;
    private final InstantSource clock;
    private final Self self;

    /**
     * What is told of the agent itself.
     *
     * @param version its version
     * @param host the name of the host
     * @param pid its process
     * @param started when it was started
     */
    record Self(String version, String host, long pid, Instant started) {}

    private record Status(
            @JsonUnwrapped Self self, AgentPhase phase, int apps, long degraded, long failing, long newestEvent) {}

    private record Explained(String app, List<String> explanation, Optional<CycleOutcome> last) {}

    private record Container(String app, @JsonUnwrapped ReplicaStatus replica) {}

    private record Output(String app, List<String> lines) {}

    Api(Agent agent, EventLog events, InstantSource clock, Self self) {
        this.agent = agent;
        this.events = events;
        this.clock = clock;
        this.self = self;
    }

    /** Returns all that can be asked for, but for the events, which go on. */
    List<Route> routes() {
        return List.of(
                get("/api/status", "how the agent is doing", Result.one(Status.class), asked -> status()),
                get("/api/apps", "how all apps are doing", Result.many(AppStatus.class), asked -> agent.apps()),
                ofApp("", "how an app is doing", Result.one(AppStatus.class), agent::app),
                ofApp("/history", "how its deployments ended", Result.many(PastDeployment.class), agent::history),
                ofApp("/releases", "its releases on this host", Result.many(DeployedRelease.class), agent::releases),
                ofApp("/explain", "why it is as it is", Result.one(Explained.class), this::explained),
                ofApp("/containers", "its replicas", Result.many(ReplicaStatus.class), agent::replicas),
                ofApp("/proxy", "its proxy, and what passed", Result.one(ProxyStatus.class), agent::proxy),
                get(
                        "/api/apps/{app}/output",
                        PRIVATE,
                        "the last lines that it wrote",
                        Result.one(Output.class),
                        this::output,
                        new Parameter("lines", MOST_LINES, "how many (default: 100)")),
                get("/api/containers", "all replicas", Result.many(Container.class), asked -> containers()),
                get("/api/plugins", "the plugins", Result.many(PluginStatus.class), asked -> agent.plugins()
                        .list()),
                get(
                        "/api/operations",
                        "what goes on, and what has ended",
                        Result.many(Operation.class),
                        asked -> agent.operations().list()),
                get("/api/operations/{id}", "an operation", Result.one(Operation.class), asked -> agent.operations()
                        .find(id(asked))),
                get(
                        "/api/capsules",
                        READ,
                        "deployments that failed, of which there is evidence",
                        Result.many(Capsule.class),
                        asked -> agent.capsules().list(asked.parameter("app")),
                        Parameter.text("app", "of this app only")),
                get(
                        "/api/capsules/{id}",
                        PRIVATE,
                        "the evidence of a deployment that failed",
                        Result.one(Evidence.class),
                        asked -> agent.capsules().open(id(asked))),
                get(
                        "/api/audit",
                        PRIVATE,
                        "who changed what",
                        Result.many(AuditEntry.class),
                        asked -> agent.audit()
                                .newest(
                                        asked.parameter("app"),
                                        asked.number("most").orElse(FEW)),
                        Parameter.text("app", "of this app only"),
                        new Parameter("most", MOST, "how many (default: 100)")),
                order("deploy", "look for a new release and deploy it, or deploy a version", this::deploy, VERSION),
                order(
                        "rollback",
                        "go back to the last good release, or to a version",
                        asked -> Order.rollback(asked.app(), asked.parameter("version")),
                        VERSION),
                order("unpin", "take new releases again", asked -> Order.unpin(asked.app())),
                order("retry", "give releases that failed another try", asked -> Order.retry(asked.app())),
                order("restart", "replace what runs by a new generation", asked -> Order.restart(asked.app())),
                order("pause", "look for no new releases", asked -> Order.pause(asked.app())),
                order("resume", "look for new releases again", asked -> Order.resume(asked.app())),
                order(
                        "scale",
                        "have there be another number of replicas",
                        asked -> Order.scale(asked.app(), asked.number("replicas")),
                        new Parameter("replicas", MOST, "how many (default: as its definition says)")),
                admit("pause", "hold what arrives for it", asked -> Admission.PAUSED),
                admit("resume", "serve what arrives, and what is held", asked -> Admission.SERVING),
                admit(
                        "maintenance",
                        "answer what arrives with a page",
                        Api::maintenance,
                        Parameter.text("page", "HTML or text (default: a sentence)"),
                        new Parameter(
                                "retry_after", A_DAY, "in how many seconds clients are to try again (default: 600)")),
                new Route(
                        "POST",
                        "/api/operations/{id}/cancel",
                        CHANGE,
                        "end an operation before it is done",
                        List.of(),
                        Result.accepted(Operation.class),
                        asked -> change(
                                "cancel", asked, actor -> agent.operations().cancel(id(asked), actor))));
    }

    @FunctionalInterface
    private interface View {
        Object of(Route.Asked asked) throws DewyException, IOException;
    }

    @FunctionalInterface
    private interface ViewOfApp {
        Object of(String app) throws DewyException;
    }

    private static Route get(String path, String summary, Result result, View view) {
        return get(path, READ, summary, result, view);
    }

    private static Route ofApp(String path, String summary, Result result, ViewOfApp view) {
        return get("/api/apps/{app}" + path, summary, result, asked -> view.of(asked.app()));
    }

    private static Route get(
            String path, Gate.Access access, String summary, Result result, View view, Parameter... takes) {
        return new Route("GET", path, access, summary, List.of(takes), result, asked -> Answer.of(view.of(asked)));
    }

    private Route order(String what, String summary, Function<Route.Asked, Order> order, Parameter... takes) {
        return post(
                "/api/apps/{app}/" + what,
                summary,
                takes,
                Result.accepted(Operation.class),
                asked -> change(what, asked, actor -> agent.operations().start(order.apply(asked), actor)));
    }

    private Route admit(String verb, String summary, Function<Route.Asked, Admission> admission, Parameter... takes) {
        String what = "proxy " + verb;
        return post("/api/apps/{app}/proxy/" + verb, summary, takes, Result.one(ProxyStatus.class), asked -> {
            Admission now = orRefused(what, asked, actor -> {
                Admission wanted = admission.apply(asked);
                agent.admit(asked.app(), wanted, actor);
                return wanted;
            });
            note(asked, what, AuditEntry.Outcome.DONE, Words.of(now.mode()));
            return Answer.of(agent.proxy(asked.app()));
        });
    }

    private static Route post(String path, String summary, Parameter[] takes, Result result, Route.Handler handler) {
        return new Route("POST", path, CHANGE, summary, List.of(takes), result, handler);
    }

    private static Admission maintenance(Route.Asked asked) {
        return Admission.maintenance(
                asked.parameter("page").orElse(Admission.MAINTENANCE.page()),
                asked.number("retry_after").map(Duration::ofSeconds).orElse(Admission.MAINTENANCE.retryAfter()));
    }

    @FunctionalInterface
    private interface Change<T> {
        T by(String actor) throws DewyException;
    }

    /** Has the agent do what was asked for, notes it, and says by which operation it is found. */
    private Answer change(String what, Route.Asked asked, Change<Operation> change) throws DewyException {
        Operation begun = orRefused(what, asked, change);
        boolean isOver = begun.outcome().isPresent();
        note(asked, what, isOver ? AuditEntry.Outcome.DONE : AuditEntry.Outcome.BEGUN, "operation " + begun.id());
        return Answer.accepted(begun, "/api/operations/" + begun.id());
    }

    /** Has the agent do what was asked for, and notes where it does not. */
    private <T> T orRefused(String what, Route.Asked asked, Change<T> change) throws DewyException {
        try {
            return change.by(asked.caller().actor());
        } catch (DewyException e) {
            note(asked, what, AuditEntry.Outcome.REFUSED, e.problem().sentence());
            throw e;
        }
    }

    private void note(Route.Asked asked, String action, AuditEntry.Outcome outcome, String reason) {
        agent.audit()
                .note(new AuditEntry(
                        clock.instant(),
                        asked.caller().actor(),
                        asked.caller().uid(),
                        asked.caller().from(),
                        action,
                        Optional.of(asked.app()).filter(app -> !app.isEmpty()),
                        Optional.empty(),
                        Optional.empty(),
                        outcome,
                        reason,
                        asked.parameters()));
    }

    private Order deploy(Route.Asked asked) {
        return asked.parameter("version")
                .map(version -> Order.deploy(asked.app(), version))
                .orElseGet(() -> Order.deploy(asked.app()));
    }

    private Status status() {
        List<AppStatus> apps = agent.apps();
        return new Status(
                self,
                agent.phase(),
                apps.size(),
                apps.stream().filter(app -> !app.missing().isEmpty()).count(),
                apps.stream().filter(app -> app.failures() > 0).count(),
                events.newest());
    }

    private Explained explained(String name) throws DewyException {
        AppStatus app = agent.app(name);
        List<String> sentences = new Explanation(app, agent, clock.instant()).sentences();
        return new Explained(app.name(), sentences, app.last());
    }

    /** Those of apps that do not run as replicas are left out, as are apps that have just gone. */
    private List<Container> containers() {
        List<Container> containers = new ArrayList<>();
        for (AppStatus app : agent.apps()) {
            if ("container".equals(app.command())) {
                try {
                    agent.replicas(app.name()).forEach(replica -> containers.add(new Container(app.name(), replica)));
                } catch (DewyException e) {
                    // Its engine is away, which its status says.
                }
            }
        }
        return containers;
    }

    private Output output(Route.Asked asked) throws DewyException, IOException {
        AppStatus app = agent.app(asked.app());
        OutputFile file = OutputFile.of(app);
        List<String> lines = new ArrayList<>(file.last(asked.number("lines").orElse(FEW)));
        lines.addAll(file.unfinished());
        return new Output(app.name(), lines);
    }

    private static String id(Route.Asked asked) {
        return asked.names().getOrDefault("id", "");
    }

    /** Returns how a failure of the agent is told. */
    static HttpResponseStatus status(DewyException failure) {
        if (failure instanceof dewy.api.NotFoundException) {
            return HttpResponseStatus.NOT_FOUND;
        }
        if (failure instanceof InvalidException) {
            return HttpResponseStatus.CONFLICT;
        }
        return switch (failure.kind()) {
            case NETWORK, CANCELLED -> HttpResponseStatus.SERVICE_UNAVAILABLE;
            case CONFIGURATION, STORAGE, APPLICATION -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
        };
    }
}
