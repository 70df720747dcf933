package dewy.runtime.docker.options;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HostConfig;
import dewy.api.InvalidException;
import dewy.api.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What all containers of an app have in common, by the options of {@code docker run}. Not changed any more once it is read. */
public final class ContainerTemplate {
    /** In a name it stands for what tells one container from the others. */
    public static final String ID = "{id}";

    /** Values that are shorter are too common to be told from other words. */
    private static final int SHORTEST_SECRET = 4;

    private static final int LONG_SECRET = 8;
    private static final String MASK = "***";

    private final List<BiConsumer<CreateContainerCmd, HostConfig>> details = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private Optional<String> name = Optional.empty();
    private Optional<String> network = Optional.empty();
    private Optional<String> user = Optional.empty();
    private Optional<Duration> stopTimeout = Optional.empty();
    private boolean logged = true;

    ContainerTemplate() {}

    /** Has a container be as the options say; where they name no user, it runs as that of the agent. */
    public void applyTo(CreateContainerCmd command, HostConfig host) {
        network.ifPresent(host::withNetworkMode);
        user.or(CurrentUser::find).ifPresent(command::withUser);
        details.forEach(detail -> detail.accept(command, host));
    }

    /** Returns what a container finds in its environment; nobody may ever see the values. */
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    public Map<String, String> labels() {
        return Map.copyOf(labels);
    }

    /** Returns how containers are called, with {@link #ID} in it unless there is one at a time. */
    public Optional<String> name() {
        return name;
    }

    /** Returns the network that has to be there; empty for those that each engine has. */
    public Optional<String> ownNetwork() {
        return network.filter(
                one -> !one.matches("bridge|default|host|none|container:.*|slirp4netns.*|pasta.*|private"));
    }

    /**
     * Finds out whether containers can be in a network beside what the options say.
     *
     * @throws InvalidException if these name another one
     */
    public void requireNoNetwork(String other) throws InvalidException {
        if (network.filter(one -> !one.equals(other)).isPresent()) {
            throw new InvalidException(
                    new Problem(
                            "use the options of docker run",
                            "behind --",
                            "--network " + network.get() + ": the app is in the network " + other + ", as its proxy is",
                            "Leave it out, or name it by --network before --, for both"),
                    List.of("run"));
        }
    }

    /** Returns whether containers share the network of the host, so that nothing is published. */
    public boolean isInHostNetwork() {
        return network.filter("host"::equals).isPresent();
    }

    public Optional<Duration> stopTimeout() {
        return stopTimeout;
    }

    /** Returns whether what containers write is kept anywhere. */
    public boolean isLogged() {
        return logged;
    }

    /**
     * Finds out whether there can be several containers at once.
     *
     * @param several whether there are, be it during an update only
     * @throws InvalidException if two of them would get in each other's way
     */
    public void requireRoomFor(boolean several) throws InvalidException {
        String why = "";
        if (several && name.isPresent() && !name.get().contains(ID)) {
            why = "--name " + name.get() + ": an update has two containers at once, which cannot have the same name";
        } else if (several && isInHostNetwork()) {
            why =
                    "--network host: an update has two containers at once, which cannot listen at the same port of this host";
        }
        if (!why.isEmpty()) {
            String advice = name.isPresent() && !isInHostNetwork()
                    ? "Write {id} where they differ, as in --name web-{id}"
                    : "Leave it out, or have one replica with --max-surge 0 --max-unavailable 1";
            throw new InvalidException(
                    new Problem("use the options of docker run", "behind --", why, advice), List.of("run"));
        }
    }

    /** Returns a text of somebody else's without the values of the environment. */
    public String masked(String text) {
        String masked = text;
        for (String value : environment.values()) {
            if (value.length() >= LONG_SECRET) {
                masked = masked.replace(value, MASK);
            } else if (value.length() >= SHORTEST_SECRET) {
                masked = maskedWords(masked, value);
            }
        }
        return masked;
    }

    /** A short value may be a part of any word. */
    private static String maskedWords(String text, String value) {
        StringBuilder masked = new StringBuilder();
        int from = 0;
        for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, from)) {
            int end = at + value.length();
            boolean isWord = !isInWord(text, at - 1) && !isInWord(text, end);
            masked.append(text, from, at).append(isWord ? MASK : value);
            from = end;
        }
        return masked.append(text, from, text.length()).toString();
    }

    private static boolean isInWord(String text, int at) {
        return at >= 0 && at < text.length() && Character.isLetterOrDigit(text.charAt(at));
    }

    @Override
    public String toString() {
        return "containers with the variables " + environment.keySet();
    }

    void add(BiConsumer<CreateContainerCmd, HostConfig> detail) {
        details.add(detail);
    }

    void setVariable(String variable, String value) {
        environment.put(variable, value);
    }

    void setLogged(boolean kept) {
        logged = kept;
    }

    void setLabel(String label, String value) {
        labels.put(label, value);
    }

    void setName(String pattern) {
        name = Optional.of(pattern);
    }

    void setNetwork(String mode) {
        network = Optional.of(mode);
    }

    void setUser(String account) {
        user = Optional.of(account);
    }

    void setStopTimeout(Duration limit) {
        stopTimeout = Optional.of(limit);
    }
}
