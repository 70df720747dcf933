package dewy.admin;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where the admin API listens, and whom it lets in.
 *
 * @param home the agent home, in which its unix socket is
 * @param address where it listens
 * @param port the first port that is tried
 * @param tokens the file with the tokens
 * @param certificate the files of certificate and key; empty for plain HTTP
 * @param hosts by which names it may be addressed, beside its address and those of the loopback
 */
record Settings(
        Path home,
        InetAddress address,
        int port,
        Path tokens,
        Optional<Certificate.Files> certificate,
        List<String> hosts) {
    private static final String PREFIX = "dewy.admin.";
    private static final int HIGHEST_PORT = 65_535;

    /**
     * Reads what the launcher was told.
     *
     * @param properties the properties of the framework
     * @throws InvalidException naming the option that is wrong
     */
    static Settings read(Function<String, Optional<String>> properties) throws InvalidException {
        Path home = Path.of(properties.apply("dewy.home").orElse(".dewy")).toAbsolutePath();
        Optional<String> certificate = properties.apply(PREFIX + "tls-cert");
        Optional<String> key = properties.apply(PREFIX + "tls-key");
        if (certificate.isPresent() != key.isPresent()) {
            throw wrong(
                    certificate.isPresent() ? "--admin-tls-cert" : "--admin-tls-key",
                    certificate.or(() -> key).orElse(""),
                    "certificate and key belong together",
                    "Name both, with --admin-tls-cert and --admin-tls-key");
        }
        return new Settings(
                home,
                address(properties.apply(PREFIX + "address").orElse("127.0.0.1")),
                port(properties.apply(PREFIX + "port").orElse("17539")),
                properties.apply(PREFIX + "tokens").map(Path::of).orElseGet(() -> home.resolve("admin-tokens")),
                certificate.map(file -> new Certificate.Files(Path.of(file), Path.of(key.orElseThrow()))),
                properties
                        .apply(PREFIX + "host")
                        .map(names -> List.of(names.split(",", -1)))
                        .orElse(List.of()));
    }

    boolean isLoopback() {
        return address.isLoopbackAddress();
    }

    /** Returns the names by which it may be addressed, without a port. */
    List<String> names() {
        List<String> names = new ArrayList<>(List.of("localhost", "127.0.0.1", "[::1]"));
        names.addAll(hosts);
        if (!address.isAnyLocalAddress()) {
            String literal = address.getHostAddress().replaceFirst("%.*", "");
            names.add(literal.contains(":") ? "[" + literal + "]" : literal);
        }
        return names;
    }

    private static int port(String written) throws InvalidException {
        if (!written.matches("\\d{1,5}") || Integer.parseInt(written) > HIGHEST_PORT || "0".equals(written)) {
            throw wrong(
                    "--admin-port",
                    written,
                    "it is no port from 1 to " + HIGHEST_PORT,
                    "Name one, or none for no admin API");
        }
        return Integer.parseInt(written);
    }

    private static InetAddress address(String written) throws InvalidException {
        try {
            return InetAddress.getByName(written.replaceAll("[\\[\\]]", ""));
        } catch (UnknownHostException e) {
            throw wrong("--admin-address", written, "it is no address of this host", "Use 127.0.0.1, or another one");
        }
    }

    private static InvalidException wrong(String option, String value, String why, String advice) {
        return new InvalidException(Problem.of("open the admin API with", option + " " + value, why, advice));
    }
}
