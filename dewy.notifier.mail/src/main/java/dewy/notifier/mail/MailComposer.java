package dewy.notifier.mail;

import dewy.api.event.Event;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Severity;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Puts a notification into a mail: the same as plain text and as HTML, so that a program that shows the one or the other
 * hides nothing. Immutable.
 */
final class MailComposer {
    private static final String UTF_8 = "UTF-8";

    private final MailSettings settings;
    private final String host;

    MailComposer(MailSettings settings, String host) {
        this.settings = settings;
        this.host = host;
    }

    /**
     * Returns a mail. Whoever gets it twice, because its fate was not known, sees that by its id.
     *
     * @throws MessagingException if memory cannot be written to
     */
    MimeMessage compose(Session session, Notification notification) throws MessagingException {
        Event event = notification.event();
        MimeMessage mail = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", id(event.id()));
            }
        };
        mail.setFrom(settings.sender());
        mail.setRecipients(RecipientType.TO, settings.recipients().toArray(InternetAddress[]::new));
        mail.setSubject(settings.subject().of(notification, host), UTF_8);
        mail.setSentDate(Date.from(event.time()));
        mail.setHeader(
                "Auto-Submitted", "auto-generated"); // Nobody is to be told that someone is on holiday (RFC 3834).
        if (!event.deployId().isEmpty()) {
            mail.setHeader(
                    "References", id(event.deployId())); // So those of a deployment are shown as one conversation.
        }
        MimeMultipart both = new MimeMultipart("alternative");
        both.addBodyPart(part(plain(notification), "plain"));
        both.addBodyPart(part(html(notification), "html"));
        mail.setContent(both);
        mail.saveChanges();
        return mail;
    }

    private String id(String name) {
        return "<" + name.replaceAll("[^\\w.-]", "_") + "@" + settings.client() + ">";
    }

    private static MimeBodyPart part(String content, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(content, UTF_8, subtype);
        return part;
    }

    private String plain(Notification notification) {
        StringBuilder text = new StringBuilder(notification.text()).append("\n\n");
        details(notification)
                .forEach((name, value) ->
                        text.append("%-12s%s\n".formatted(name + ":", value.replace("\n", "\n            "))));
        outputs(notification).forEach((name, value) -> text.append('\n')
                .append(name)
                .append(":\n")
                .append(value)
                .append('\n'));
        return visible(text.toString());
    }

    private String html(Notification notification) {
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html><body style=\"font-family:sans-serif\">\n");
        html.append("<p style=\"border-left:4px solid ")
                .append(color(notification.severity()))
                .append(";padding-left:8px\">")
                .append(escape(notification.text()))
                .append("</p>\n<table>\n");
        details(notification).forEach((name, value) -> html.append("<tr><td style=\"color:#666;padding-right:12px\">")
                .append(name)
                .append("</td><td>")
                .append(escape(value))
                .append("</td></tr>\n"));
        html.append("</table>\n");
        outputs(notification).forEach((name, value) -> html.append("<p>")
                .append(name)
                .append("</p>\n<pre style=\"background:#f4f4f4;padding:8px\">")
                .append(escape(value))
                .append("</pre>\n"));
        return visible(html.append("</body></html>\n").toString());
    }

    private Map<String, String> details(Notification notification) {
        Event event = notification.event();
        Map<String, String> details = new LinkedHashMap<>();
        details.put("App", event.app());
        details.put("Host", host);
        details.put("Time", event.time().toString());
        details.put("Event", event.type());
        details.put("Version", event.data().getOrDefault("version", ""));
        details.put("Deployment", event.deployId());
        notification.hook().ifPresent(hook -> {
            details.put("Command", hook.command());
            hook.exitCode().ifPresent(code -> details.put("Exit code", Integer.toString(code)));
            details.put("Duration", hook.duration());
            details.put("Error", hook.error());
        });
        details.values().removeIf(String::isBlank);
        return details;
    }

    /** Returns what a hook wrote. */
    private static Map<String, String> outputs(Notification notification) {
        Map<String, String> outputs = new LinkedHashMap<>();
        notification.hook().ifPresent(hook -> {
            outputs.put("Stdout", hook.stdout().stripTrailing());
            outputs.put("Stderr", hook.stderr().stripTrailing());
        });
        outputs.values().removeIf(String::isBlank);
        return outputs;
    }

    private static String color(Severity severity) {
        return switch (severity) {
            case ROUTINE, RECOVERY -> "#36a64f";
            case WARNING -> "#daa038";
            case FAILURE -> "#dd0000";
        };
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Returns a text without what would do something to a terminal, or end a mail early in a careless server. */
    private static String visible(String text) {
        return text.replace("\r\n", "\n").replaceAll("[\\p{Cntrl}&&[^\n\t]]", "\ufffd");
    }
}
