package dewy.notifier.webhook;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.Secret;
import dewy.http.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** Where to post: what an address allows whoever knows it, may make a secret of it. */
sealed interface Hook {
    /** Returns what to call it when people are told about it. */
    String name();

    /**
     * Returns the address, fetched now.
     *
     * @throws InvalidException if there is none
     */
    URI address() throws InvalidException;

    /** An address that all may see. */
    record Open(URI address) implements Hook {
        @Override
        public String name() {
            return address.toString();
        }
    }

    /** An address that is told apart from the URL. */
    record Secluded(Secret where, boolean allowsHttp) implements Hook {
        @Override
        public String name() {
            return where.toString();
        }

        @Override
        public URI address() throws InvalidException {
            try {
                URI address = new URI(where.reveal().strip());
                Origin origin = Origin.of(address);
                boolean isWeb = List.of("https", "http").contains(origin.scheme())
                        && address.getHost() != null
                        && address.getRawUserInfo() == null;
                if (isWeb && (origin.scheme().equals("https") || allowsHttp || origin.isThisHost())) {
                    return address;
                }
            } catch (URISyntaxException e) {
                // Told below; the exception would quote it.
            }
            throw new InvalidException(Problem.of(
                    "use the address of the web hook in",
                    where,
                    "it is none that begins with https://",
                    "Set it anew"));
        }
    }

    /** Another address of the same place. */
    record Below(Hook hook, String path) implements Hook {
        @Override
        public String name() {
            return hook.name();
        }

        @Override
        public URI address() throws InvalidException {
            URI address = hook.address();
            String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
            String front = address.getScheme() + "://" + address.getRawAuthority() + address.getRawPath();
            return URI.create(front.replaceFirst("/$", "") + path + query);
        }
    }
}
