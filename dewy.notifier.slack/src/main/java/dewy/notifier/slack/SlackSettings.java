package dewy.notifier.slack;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a URL {@code slack://channel?title=…&url=…&quiet=…&thread=…} says.
 *
 * @param channel the channel's name without {@code #}, or its id
 * @param title what the footer of each message begins with
 * @param link where the title leads
 * @param quiet whether only failures and recoveries are told
 * @param thread whether a deployment's messages form a thread
 * @param api the address below which the methods of the API are, ending in a slash
 */
record SlackSettings(String channel, String title, Optional<URI> link, boolean quiet, boolean thread, URI api) {
    private static final Pattern CHANNEL = Pattern.compile("[\\p{L}\\p{M}\\p{N}][\\p{L}\\p{M}\\p{N}._-]{0,79}");
    private static final int TITLE_LIMIT = 150;

    /**
     * Reads the settings; {@code apiAddress} is the value of {@code SLACK_API_URL}.
     *
     * @throws InvalidException naming everything that is wrong
     */
    static SlackSettings of(PluginUrl url, AppContext app, Optional<String> apiAddress) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        String channel = channel(url, parameters);
        String title = title(parameters, app);
        Optional<URI> link = link(parameters);
        boolean quiet = parameters.flag("quiet", false);
        boolean thread = parameters.flag("thread", false);
        URI api = ApiAddress.read(apiAddress, parameters);
        parameters.finish();
        return new SlackSettings(channel, title, link, quiet, thread, api);
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
        Optional<URI> link = text.flatMap(WebAddress::parse);
        if (text.isPresent() && link.isEmpty()) {
            parameters.complain("url", "url=" + text.get() + " is not an address such as https://example.com/app");
        }
        return link;
    }
}
