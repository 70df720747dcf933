package dewy.core.app;

import dewy.api.control.AppDefinition;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Digest;
import dewy.core.cycle.CycleSettings;
import dewy.core.fleet.FleetSettings;
import dewy.core.hook.HookSettings;
import dewy.core.select.SelectionRules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An app, checked.
 *
 * @param name its name, unique in the agent
 * @param command {@code server}, {@code assets} or {@code container}
 * @param directory its directory, absolute
 * @param registry where its releases are announced
 * @param artifact where its artifacts come from
 * @param cache where its artifacts are kept
 * @param fleet what its hosts do together by way of the cache
 * @param notifiers where people are told about it
 * @param proxy what carries its traffic; empty where clients connect to what runs
 * @param runtime how it runs; empty when nothing runs
 * @param rules which release is taken
 * @param cycle how its cycles are run
 * @param hooks the commands around a deployment
 * @param arguments the command line of the application
 * @param allowsHttp whether its plugins may talk over plain HTTP
 * @param leavesRunning whether what runs goes on when the agent is stopped
 * @param definition what of it a person wrote down
 */
public record AppSpec(
        String name,
        String command,
        Path directory,
        PluginUrl registry,
        PluginUrl artifact,
        PluginUrl cache,
        FleetSettings fleet,
        List<PluginUrl> notifiers,
        Optional<PluginUrl> proxy,
        Optional<PluginUrl> runtime,
        SelectionRules rules,
        CycleSettings cycle,
        HookSettings hooks,
        List<String> arguments,
        boolean allowsHttp,
        boolean leavesRunning,
        AppDefinition definition) {
    public AppSpec {
        notifiers = List.copyOf(notifiers);
        arguments = List.copyOf(arguments);
    }

    /**
     * Returns whether what runs under another specification can be gone on with under this one: in the same directory, by the
     * same plugins, since no plugin understands what another one hands over.
     */
    public boolean goesOnWith(AppSpec other) {
        return directory.equals(other.directory)
                && command.equals(other.command)
                && runtime.map(PluginUrl::scheme).equals(other.runtime.map(PluginUrl::scheme))
                && proxy.map(PluginUrl::scheme).equals(other.proxy.map(PluginUrl::scheme));
    }

    /** Returns the same app with another number of replicas, if one is given. */
    AppSpec scaled(Optional<Integer> replicas) {
        Optional<PluginUrl> other = runtime.map(url ->
                replicas.map(count -> url.with("replicas", count.toString())).orElse(url));
        return new AppSpec(
                name,
                command,
                directory,
                registry,
                artifact,
                cache,
                fleet,
                notifiers,
                proxy,
                other,
                rules,
                cycle,
                hooks,
                arguments,
                allowsHttp,
                leavesRunning,
                definition);
    }

    /** Returns whether what runs under another specification may run on under this one. */
    boolean runsLike(AppSpec other) {
        return fingerprint().equals(other.fingerprint());
    }

    /** Returns what tells whether it is run otherwise than before; no secret can be read from it. */
    String fingerprint() {
        MessageDigest calculation = Digest.calculation("sha256");
        List<String> run = new ArrayList<>(arguments);
        runtime.ifPresent(url -> {
            run.add(url.scheme());
            new TreeMap<>(url.parameters()).forEach((name, values) -> run.add(name + "=" + values));
        });
        for (String part : run) {
            calculation.update(part.getBytes(StandardCharsets.UTF_8));
            calculation.update((byte) 0);
        }
        return Digest.of(calculation).hex();
    }
}
