package dewy.cache.redis;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.http.Tls;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/** What a failure of Jedis means; errors of Redis begin with a word that says what they are. */
record RedisFailure(Call call, String tried, RedisSettings settings, Address address, Login login) {
    /**
     * Returns what a failure means.
     *
     * @param asked whether something was asked whose fate is not known
     * @throws DewyException if the call is over, which is why it failed
     */
    DewyException of(JedisException e, boolean asked) throws DewyException {
        call.check();
        String message = String.valueOf(e.getMessage());
        if (e instanceof JedisConnectionException) {
            return message.startsWith("Unknown reply") ? noRedis(e) : broken(e, asked);
        }
        String code = message.split("[ :]", 2)[0];
        return switch (code) {
            case "WRONGPASS", "NOAUTH", "NOPERM" -> refused(message, e);
            case "OOM" -> new StorageException(problem("its memory is full: " + message, "Raise its maxmemory"), e);
            case "MISCONF" -> new StorageException(problem("it cannot write to its disk: " + message, ""), e);
            case "READONLY", "LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "ASK", "MOVED", "NOREPLICAS", "BUSY" ->
                new UnreachableException(problem("it does not serve now: " + message, "It is tried again later"), e);
            default ->
                message.startsWith("ERR AUTH") || message.contains("without any password configured")
                        ? refused(message, e)
                        : new InvalidException(problem("it answers " + message, ""), e);
        };
    }

    private DewyException noRedis(JedisException e) {
        return new InvalidException(problem("what answers there is not Redis", "Check the port"), e);
    }

    private DewyException refused(String message, JedisException e) {
        String advice = message.startsWith("NOPERM")
                ? "Allow it with ACL SETUSER: docs/urls.md says what is needed"
                : "Check password= and the user in the URL";
        return new UnauthorizedException(problem("it refuses " + login.who() + ": " + message, advice), e);
    }

    private DewyException broken(JedisException e, boolean asked) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        for (Throwable deeper = cause; deeper != null; deeper = deeper.getCause()) {
            if (deeper instanceof CertificateExpiredException) {
                return new UnreachableException(
                        problem("its certificate has expired: " + deeper.getMessage(), "Renew it"), e);
            }
        }
        String advice = cause instanceof SSLException ? Tls.ADVICE : "Check the network and the server";
        return new UnreachableException(problem(why(cause, asked), advice), e);
    }

    private static String why(Throwable cause, boolean asked) {
        String fate = asked ? "; whether it was done is not known" : "";
        if (cause instanceof UnknownHostException) {
            return "it is not known to the name service";
        }
        if (cause instanceof ConnectException) {
            return "no connection can be made";
        }
        if (cause instanceof SocketTimeoutException) {
            return "it did not answer in time" + fate;
        }
        return cause.getMessage() + fate;
    }

    private Problem problem(String why, String advice) {
        return Problem.of(tried, settings, address + ": " + why, advice);
    }
}
