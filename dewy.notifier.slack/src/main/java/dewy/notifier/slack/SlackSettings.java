package dewy.notifier.slack;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.http.Environment;
import dewy.http.Network;
import dewy.http.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a URL {@code slack://channel?title=…&url=…&thread=…} says.
 *
 * @param channel the channel's name without {@code #}, or its id
 * @param title what the footer of each message begins with
 * @param link where the title leads
 * @param thread whether a deployment's messages form a thread
 * @param api the address below which the methods of the API are, ending in a slash
 * @param network by which way it is asked
 */
record SlackSettings(String channel, String title, Optional<URI> link, boolean thread, URI api, Network network) {
    /** Where Slack's Web API is, for relays and tests. */
    static final String API_VARIABLE = "SLACK_API_URL";

    private static final URI SLACK = URI.create("https://slack.com/api/");
    private static final Pattern CHANNEL = Pattern.compile("[\\p{L}\\p{M}\\p{N}][\\p{L}\\p{M}\\p{N}._-]{0,79}");
    private static final int TITLE_LIMIT = 150;

    /**
     * Reads a URL and the environment.
     *
     * @throws InvalidException naming everything that is wrong
     */
    static SlackSettings of(PluginUrl url, AppContext app, Environment environment) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        String channel = channel(url, parameters);
        String title = title(parameters, app);
        Optional<URI> link = link(parameters);
        boolean thread = parameters.flag("thread", false);
        URI api = api(environment, parameters);
        Network network = Network.of(parameters, environment);
        parameters.finish();
        return new SlackSettings(channel, title, link, thread, api, network);
    }

    private static String channel(PluginUrl url, Parameters parameters) {
        String channel = url.authority();
        if (channel.startsWith("#")) {
            parameters.complain("write the channel without #: slack://" + channel.substring(1));
        } else if (channel.isEmpty()) {
            parameters.complain("the channel is missing: write slack://channel");
        } else if (!CHANNEL.matcher(channel).matches()) {
            parameters.complain("the channel is neither the name of a channel nor its id");
        }
        if (!url.path().isEmpty() && !url.path().equals("/")) {
            parameters.complain("nothing but parameters may follow the channel");
        }
        return channel;
    }

    private static String title(Parameters parameters, AppContext app) {
        String title = parameters.text("title").filter(text -> !text.isBlank()).orElse(app.name());
        if (title.length() > TITLE_LIMIT) {
            parameters.complain("title", "title is longer than " + TITLE_LIMIT + " characters");
        }
        return title;
    }

    private static Optional<URI> link(Parameters parameters) {
        Optional<String> text = parameters.text("url").filter(value -> !value.isEmpty());
        Optional<URI> link = text.flatMap(SlackSettings::webAddress);
        if (text.isPresent() && link.isEmpty()) {
            parameters.complain("url", "url=" + text.get() + " is not an address such as https://example.com/app");
        }
        return link;
    }

    private static URI api(Environment environment, Parameters parameters) {
        Optional<String> text = environment.variable(API_VARIABLE).filter(value -> !value.isBlank());
        if (text.isEmpty()) {
            return SLACK;
        }
        Optional<URI> given = webAddress(text.get().strip())
                .filter(address -> address.getRawQuery() == null && address.getRawFragment() == null);
        if (given.isEmpty()) {
            parameters.complain("the environment's " + API_VARIABLE + " is not an address such as " + SLACK);
            return SLACK;
        }
        Origin origin = Origin.of(given.get());
        if (!origin.scheme().equals("https") && !origin.isThisHost()) {
            parameters.complain(
                    "the environment's " + API_VARIABLE + " would send the token unencrypted: write https://");
        }
        String address = given.get().toString();
        return address.endsWith("/") ? given.get() : URI.create(address + "/");
    }

    /** Returns an address of the web, unless it is something else or carries user information. */
    private static Optional<URI> webAddress(String text) {
        try {
            URI address = new URI(text);
            boolean web = List.of("http", "https").contains(Origin.of(address).scheme());
            boolean plain = address.getHost() != null && address.getRawUserInfo() == null;
            return web && plain ? Optional.of(address) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
