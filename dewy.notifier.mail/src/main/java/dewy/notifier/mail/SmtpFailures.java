package dewy.notifier.mail;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.http.Tls;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** What went wrong in a conversation with a mail server: 4xx may go well another time, 5xx will not (RFC 5321, section 4.2.1). */
final class SmtpFailures {
    private static final int LONGEST_REPLY = 300;
    private static final int MOST_CAUSES = 20;

    private final MailSettings settings;
    private final String password;

    /** @param password is never quoted, should the server repeat it */
    SmtpFailures(MailSettings settings, String password) {
        this.settings = settings;
        this.password = password;
    }

    Problem problem(String why, String advice) {
        return new Problem("send a mail by", settings.server(), why, advice);
    }

    /** Returns what a failure means that no answer of the server belongs to. */
    DewyException of(Call call, Exception e) {
        return of(call, e, 0, "");
    }

    /**
     * Returns what a failure means. What the server said is quoted here, and is in no cause: it may repeat a secret.
     *
     * @param code that of the server's last reply, where that is the reason
     */
    DewyException of(Call call, Exception e, int code, String reply) {
        List<Throwable> causes = causes(e);
        Optional<IOException> broken = first(causes, IOException.class);
        Optional<DewyException> ended = ended(call, broken);
        if (ended.isPresent()) {
            return ended.get();
        }
        if (broken.isPresent()) {
            return unreachable(broken.get(), innermost(causes));
        }
        if (e instanceof AuthenticationFailedException) {
            return unauthorized(code);
        }
        List<SMTPAddressFailedException> refused = causes.stream()
                .filter(SMTPAddressFailedException.class::isInstance)
                .map(SMTPAddressFailedException.class::cast)
                .toList();
        if (!refused.isEmpty()) {
            return refused(refused, e);
        }
        if (String.valueOf(e.getMessage()).startsWith("STARTTLS is required")) {
            return new InvalidException(problem(
                    "it does not offer STARTTLS, without which the mail would be sent unencrypted",
                    "Write smtps:// where it is encrypted from the beginning, or tls=false where the network in"
                            + " between is trusted"));
        }
        return answered(returnCode(e, code), reply);
    }

    private Optional<DewyException> ended(Call call, Optional<IOException> broken) {
        try {
            call.check();
        } catch (CancelledException e) {
            return Optional.of(e);
        } catch (ExpiredException e) {
            return Optional.of(late(e));
        }
        boolean timedOut =
                broken.filter(SocketTimeoutException.class::isInstance).isPresent();
        return timedOut && call.remaining().toMillis() <= 1 ? Optional.of(late(broken.get())) : Optional.empty();
    }

    private ExpiredException late(Exception cause) {
        return new ExpiredException(
                problem("it did not answer within the time allowed", "Whether the mail was taken is not known"), cause);
    }

    private UnreachableException unreachable(IOException broken, Throwable innermost) {
        String told = innermost.getMessage() == null ? "it was ended" : visible(innermost.getMessage());
        if (broken instanceof SSLException || innermost instanceof CertificateException) {
            return new UnreachableException(problem("the connection cannot be secured: " + told, Tls.ADVICE), broken);
        }
        Problem problem = broken instanceof UnknownHostException
                ? problem("its name is not known to the name service", "Check the name")
                : problem("the connection failed: " + told, "Check that it runs, and the network");
        return new UnreachableException(problem, broken);
    }

    private DewyException unauthorized(int code) {
        if (code >= 400 && code < 500) {
            return new UnreachableException(problem("it answered the password with " + code, ""));
        }
        String source = settings.login().map(MailSettings.Login::source).orElse("username=");
        String why = code >= 500
                ? "it answered the password with " + code
                : "it takes a password in no way that is known here";
        return new UnauthorizedException(problem(why, "Check the username and " + source));
    }

    /** Tells of each address that was refused; tried again is what may be taken another time. */
    private DewyException refused(List<SMTPAddressFailedException> refused, Exception e) {
        String why = refused.stream()
                .map(one -> "it answered " + one.getReturnCode() + " for "
                        + one.getAddress().getAddress() + quoted(one.getMessage()))
                .collect(Collectors.joining("; "));
        boolean others =
                e instanceof SMTPSendFailedException; // Thrown when the mail was sent to those that were taken.
        String advice = others
                ? "The other recipients have got it"
                : "Check the recipients, and whether it asks for a username";
        boolean later = refused.stream().anyMatch(one -> one.getReturnCode() < 500);
        return later ? new UnreachableException(problem(why, advice)) : new InvalidException(problem(why, advice));
    }

    private DewyException answered(int code, String reply) {
        String why = "it answered " + code + quoted(reply);
        return switch (code / 100) {
            case 4 -> new UnreachableException(problem(why, ""));
            case 5 -> new InvalidException(problem(why, "Check the sender, and what the server's log says of it"));
            default ->
                new UnreachableException(
                        code < 0 && "[EOF]".equals(reply)
                                ? problem("it ended the connection", "Check that it runs, and the network")
                                : problem(
                                        "what answered is not a mail server",
                                        "Check host and port; smtps:// is for port 465"));
        };
    }

    private static int returnCode(Exception e, int last) {
        if (e instanceof SMTPSendFailedException failed) {
            return failed.getReturnCode();
        }
        return e instanceof SMTPSenderFailedException failed ? failed.getReturnCode() : last;
    }

    private String quoted(@Nullable String reply) {
        String line =
                (reply == null ? "" : reply).replaceAll("[^\\x20-\\x7e]+", " ").strip();
        String shown = password.isEmpty() ? line : line.replace(password, "***");
        String text = shown.replaceFirst("^\\d{3}[ -]", "");
        return text.isEmpty() ? "" : " (" + text.substring(0, Math.min(LONGEST_REPLY, text.length())) + ")";
    }

    private static Throwable innermost(List<Throwable> causes) {
        return causes.get(causes.size() - 1);
    }

    private static String visible(String text) {
        return text.replaceAll("[^\\x20-\\x7e]+", " ").strip();
    }

    /** Mail has its own chain of causes, beside that of Java. */
    private static List<Throwable> causes(Throwable e) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = e; cause != null && causes.size() < MOST_CAUSES; ) {
            causes.add(cause);
            cause = cause instanceof MessagingException mail && mail.getNextException() != null
                    ? mail.getNextException()
                    : cause.getCause();
        }
        return causes;
    }

    private static <T> Optional<T> first(List<Throwable> causes, Class<T> type) {
        return causes.stream().filter(type::isInstance).map(type::cast).findFirst();
    }
}
