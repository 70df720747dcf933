package dewy.notifier.mail;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.Lifetime;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sends each notification by mail, on a connection of its own. When some recipients were taken and others were not, a further
 * attempt at the same notification is for the others alone. One notification at a time, as core sends them.
 */
final class MailNotifier implements Notifier {
    private final MailSettings settings;
    private final MailComposer composer;
    private final Lifetime lifetime = new Lifetime();
    private String event = "";
    /** Who has got what tells of that event. */
    private final Set<InternetAddress> told = new HashSet<>();

    MailNotifier(MailSettings settings, MailComposer composer) {
        this.settings = settings;
        this.composer = composer;
    }

    @Override
    public void send(Call call, Notification notification) throws DewyException {
        call.check();
        if (!event.equals(notification.event().id())) {
            event = notification.event().id();
            told.clear();
        }
        List<InternetAddress> rest = new ArrayList<>(settings.recipients());
        rest.removeAll(told);
        if (rest.isEmpty()) {
            return;
        }
        SmtpServer.Receipt receipt = new SmtpServer(settings)
                .send(lifetime.bind(call), session -> composer.compose(session, notification), rest);
        told.addAll(receipt.taken());
        if (receipt.failure().isPresent()) {
            throw receipt.failure().get();
        }
    }

    /** Ends a conversation that is in progress. */
    @Override
    public void close() {
        lifetime.close();
    }
}
