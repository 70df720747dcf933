package dewy.notifier.slack;

import dewy.api.plugin.Parameters;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** Where Slack's Web API is: in the environment for relays and tests, else at Slack. */
final class ApiAddress {
    static final String VARIABLE = "SLACK_API_URL";
    private static final URI SLACK = URI.create("https://slack.com/api/");

    private ApiAddress() {}

    /** Reads the address; what is wrong with it is told together with what is wrong with the URL. */
    static URI read(Optional<String> text, Parameters parameters) {
        if (text.isEmpty() || text.get().isBlank()) {
            return SLACK;
        }
        Optional<URI> address = WebAddress.parse(text.get().strip())
                .filter(given -> given.getRawQuery() == null && given.getRawFragment() == null);
        if (address.isEmpty()) {
            parameters.complain("the environment's " + VARIABLE + " is not an address such as " + SLACK);
            return SLACK;
        }
        if (!"https".equalsIgnoreCase(address.get().getScheme()) && !isThisHost(address.get())) {
            parameters.complain("the environment's " + VARIABLE + " would send the token unencrypted: write https://");
        }
        return directory(address.get());
    }

    private static URI directory(URI address) {
        String text = address.toString();
        return text.endsWith("/") ? address : URI.create(text + "/");
    }

    private static boolean isThisHost(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127\\.\\d+\\.\\d+\\.\\d+");
    }
}
