package dewy.keyvalue;

import dewy.http.Tls;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;

/**
 * Why there was no answer.
 *
 * @param why what is wrong with the server, as a sentence
 * @param advice what to do about it
 */
public record BrokenConnection(String why, String advice) {
    /**
     * Returns what a failure of a connection means.
     *
     * @param asked whether something was asked whose fate is not known
     * @param advice what to do where nothing else is to be said
     */
    public static BrokenConnection of(Throwable cause, boolean asked, String advice) {
        for (Throwable deeper = cause; deeper != null; deeper = deeper.getCause()) {
            if (deeper instanceof CertificateExpiredException) {
                return new BrokenConnection("its certificate has expired: " + deeper.getMessage(), "Renew it");
            }
        }
        return new BrokenConnection(why(cause, asked), cause instanceof SSLException ? Tls.ADVICE : advice);
    }

    private static String why(Throwable cause, boolean asked) {
        if (cause instanceof UnknownHostException) {
            return "it is not known to the name service";
        }
        if (cause instanceof ConnectException) {
            return "no connection can be made";
        }
        String why = cause instanceof SocketTimeoutException ? "it did not answer in time" : cause.getMessage();
        return why + (asked ? "; whether it was done is not known" : "");
    }
}
