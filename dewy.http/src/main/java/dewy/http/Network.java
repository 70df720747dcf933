package dewy.http;

import dewy.api.InvalidException;
import dewy.api.plugin.Parameters;

/**
 * By which way servers are reached. Equal ones may share {@linkplain Connections connections}.
 *
 * @param proxies what is asked by a proxy
 * @param tls what connections are secured with
 */
public record Network(ProxyEnvironment proxies, Tls tls) {
    /** Reads the environment of this process. */
    public static Network system() throws InvalidException {
        return of(Environment.SYSTEM);
    }

    /**
     * Reads the environment.
     *
     * @throws InvalidException naming the variable that cannot be used
     */
    public static Network of(Environment environment) throws InvalidException {
        return new Network(ProxyEnvironment.of(environment), Tls.of(environment));
    }

    /** Reads the parameters of a URL and the environment; what is wrong with them is told to {@code parameters}. */
    public static Network of(Parameters parameters, Environment environment) {
        return new Network(proxies(parameters, environment), Tls.of(parameters, environment));
    }

    private static ProxyEnvironment proxies(Parameters parameters, Environment environment) {
        try {
            return ProxyEnvironment.of(environment);
        } catch (InvalidException e) {
            parameters.complain(e.problem().on() + ": " + e.problem().why());
            return ProxyEnvironment.NONE;
        }
    }
}
