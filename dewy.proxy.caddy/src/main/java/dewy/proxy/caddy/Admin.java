package dewy.proxy.caddy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.engine.Commands;
import dewy.engine.Engine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Caddy's administration, which listens within its container alone: it is asked there, by the program wget of the image. Safe for
 * use by several threads.
 *
 * @param container the name of the container
 * @see <a href="https://caddyserver.com/docs/api">API of Caddy</a>
 */
record Admin(Engine engine, String container) {
    private static final String URL = "http://127.0.0.1:2019";
    private static final String GET = "wget -q -O - " + URL;
    private static final String SEPARATOR = "\n--\n";
    private static final int LAST_LINES = 3;

    /**
     * What passes.
     *
     * @param count what has passed
     * @param active what is on its way to each address
     * @param failing how often each address failed of late
     */
    record Passing(Tally.Count count, Map<String, Long> active, Map<String, Long> failing) {}

    /** Returns whether it answers, within a moment. */
    boolean answers(Call call) throws DewyException {
        String asking = GET + "/config/ >/dev/null 2>&1";
        String script = "for n in 1 2 3 4 5 6 7 8 9; do " + asking + " && exit; sleep 0.02; done; exec " + asking;
        return run(call, script).code() == 0;
    }

    /**
     * Tells it how to be, in place of all that it was told before, and returns what it had counted until then.
     *
     * @param type the media type of the configuration
     * @throws InvalidException if it refuses that
     */
    Tally.Count load(Call call, String config, String type) throws DewyException {
        String script =
                GET + "/metrics; exec wget -q -O - --header \"Content-Type: $2\" --post-data \"$1\" " + URL + "/load";
        Commands.Result result = run(call, script, config, type);
        if (result.code() != 0) {
            throw refusal(call, result);
        }
        return Tally.Count.parse(result.output());
    }

    /** Returns the routes of the configuration; none where it has another one. */
    Routes routes(Call call) throws DewyException {
        Commands.Result result = run(call, GET + CaddyConfig.ROUTES);
        return result.code() == 0 ? Routes.of(json(result.output())) : Routes.NONE;
    }

    Passing passing(Call call) throws DewyException {
        Commands.Result result = run(
                call,
                GET + "/reverse_proxy/upstreams && printf '" + SEPARATOR.replace("\n", "\\n") + "' && " + GET
                        + "/metrics");
        String[] parts = result.output().split(SEPARATOR, 2);
        if (result.code() != 0 || parts.length < 2) {
            throw silence(call, result);
        }
        Map<String, Long> active = new HashMap<>();
        Map<String, Long> failing = new HashMap<>();
        for (JsonNode upstream : json(parts[0])) {
            String address = upstream.path("address").asText();
            active.put(address, upstream.path("num_requests").asLong());
            failing.put(address, upstream.path("fails").asLong());
        }
        return new Passing(Tally.Count.parse(parts[1]), active, failing);
    }

    /** Returns which version it is; empty where somebody built it. */
    Optional<Version> version(Call call) throws DewyException {
        return Version.parse(run(call, "caddy version").output());
    }

    private Commands.Result run(Call call, String script, String... arguments) throws DewyException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "dewy"));
        command.addAll(List.of(arguments));
        Commands.Result result = new Commands(engine).run(call, container, command);
        if (result.code() == 126 || result.code() == 127) {
            throw new InvalidException(new Problem(
                    "ask Caddy in the container",
                    container,
                    "its image lacks a program: " + (result.errors() + result.output()).strip(),
                    "Use an image with sh and wget, as caddy:2-alpine is, by --proxy-image"));
        }
        return result;
    }

    /** Why it refuses something it writes to its log only. */
    private DewyException refusal(Call call, Commands.Result result) throws DewyException {
        if (!result.errors().contains("server returned error: HTTP/1.1 400")) {
            return silence(call, result);
        }
        List<String> lines = engine.lastLines(call, container, LAST_LINES);
        return new InvalidException(new Problem(
                "configure Caddy in the container",
                container,
                "it refuses what it is told, and wrote: " + String.join(" | ", lines),
                "Check what the options that begin with proxy- say"));
    }

    private UnreachableException silence(Call call, Commands.Result result) throws DewyException {
        call.check();
        return new UnreachableException(new Problem(
                "ask Caddy in the container",
                container,
                "it does not answer: " + result.errors().strip(),
                ""));
    }

    private JsonNode json(String text) throws CorruptException {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new CorruptException(
                    new Problem("read what Caddy tells in the container", container, "it is no JSON: " + text, ""), e);
        }
    }
}
