package dewy.cache.consul;

import com.ecwid.consul.ConsulException;
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
import org.apache.http.ProtocolException;
import org.apache.http.conn.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/** What a failure of the client, and an answer of Consul, means. */
record ConsulFailure(Call call, String tried, Consul consul) {
    /**
     * Returns what a failure means.
     *
     * @param changing whether something was asked whose fate is not known
     * @throws DewyException if the call is over, which is why it failed
     */
    DewyException of(ConsulException e, boolean changing) throws DewyException {
        call.check();
        Throwable cause = e.getCause() == null ? e : e.getCause();
        for (Throwable deeper = cause; deeper != null; deeper = deeper.getCause()) {
            if (deeper instanceof CertificateExpiredException) {
                return unreachable("its certificate has expired: " + deeper.getMessage(), "Renew it", e);
            }
            if (deeper instanceof ProtocolException) {
                return noConsul();
            }
        }
        String advice = cause instanceof SSLException ? Tls.ADVICE : "Check the network and the agent of Consul";
        return unreachable(why(cause, changing), advice, e);
    }

    private static String why(Throwable cause, boolean changing) {
        String fate = changing ? "; whether it was done is not known" : "";
        if (cause instanceof UnknownHostException) {
            return "it is not known to the name service";
        }
        if (cause instanceof ConnectException || cause instanceof ConnectTimeoutException) {
            return "no connection can be made";
        }
        return cause instanceof SocketTimeoutException ? "it did not answer in time" + fate : cause.getMessage() + fate;
    }

    /** Returns what an answer means. */
    DewyException of(int status, String content) {
        boolean refused = status == 403 || content.contains("Permission denied") || content.contains("ACL not found");
        if (refused) {
            String who = consul.token().map(token -> "the token " + token).orElse("who has no token");
            return new UnauthorizedException(
                    problem("it refuses " + who + ": " + content, "It needs key and session rights: see docs/urls.md"));
        }
        if (status == 413) {
            return new StorageException(problem("it is too large for it: " + content, ""));
        }
        if (status >= 500 || status == 429) {
            return unreachable("HTTP status " + status + ": " + content, "It is tried again later", null);
        }
        return status == 404 ? noConsul() : new InvalidException(problem("HTTP status " + status + ": " + content, ""));
    }

    InvalidException noConsul() {
        return new InvalidException(problem("what answers there is not Consul", "Check the port, and tls="));
    }

    private UnreachableException unreachable(String why, String advice, @Nullable Throwable cause) {
        Problem problem = problem(why, advice);
        return cause == null ? new UnreachableException(problem) : new UnreachableException(problem, cause);
    }

    private Problem problem(String why, String advice) {
        return Problem.of(tried, consul, why, advice);
    }
}
