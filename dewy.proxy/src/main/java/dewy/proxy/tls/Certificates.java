package dewy.proxy.tls;

import dewy.pem.BadCertificate;
import dewy.pem.Credential;
import dewy.proxy.tls.TlsSettings.Pair;
import dewy.proxy.traffic.Notice;
import io.netty.handler.ssl.SslContext;
import io.netty.util.Mapping;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a listening socket, one of which each client is shown: by the name of the host that it asks for. Immutable;
 * {@link #renewed} returns those that are in the files by then.
 */
public final class Certificates implements Mapping<String, SslContext> {
    private final TlsSettings settings;
    private final Making making;
    private final List<Loaded> loaded;
    private final Map<String, SslContext> byHost = new HashMap<>();

    /**
     * How what was read is used, and told.
     *
     * @param http whether HTTP is spoken behind it, and clients that ask are told so
     * @param clock tells whether one is valid
     * @param told is told what people are to know of them
     */
    public record Making(Library library, boolean http, InstantSource clock, Consumer<Notice> told) {}

    /**
     * What was read last.
     *
     * @param used tells the files that it was read from
     * @param seen tells those that were there at the last look
     * @param warning what was told of it last
     */
    private record Loaded(
            Pair pair,
            List<String> used,
            List<String> seen,
            Optional<String> warning,
            Credential credential,
            SslContext context) {
        Loaded with(List<String> usedNow, List<String> seenNow) {
            return new Loaded(pair, usedNow, seenNow, warning, credential, context);
        }

        /** Looks at its time, and tells what is to be told of that, once. */
        Loaded lookedAt(Making making) {
            Optional<String> now = credential.warning(making.clock().instant());
            if (now.equals(warning)) {
                return this;
            }
            now.ifPresent(what -> making.told()
                    .accept(Notice.warning("proxy.certificate_ends", "Certificate is to be renewed")
                            .with("path", pair.chain())
                            .with("why", what)));
            return new Loaded(pair, used, seen, now, credential, context);
        }
    }

    private Certificates(TlsSettings settings, Making making, List<Loaded> loaded) {
        this.settings = settings;
        this.making = making;
        this.loaded = loaded;
        loaded.forEach(one -> one.credential().hosts().forEach(host -> byHost.putIfAbsent(host, one.context())));
    }

    /**
     * Reads all of them.
     *
     * @throws BadCertificate if one cannot be used
     */
    public static Certificates read(TlsSettings settings, Making making) throws BadCertificate {
        List<Loaded> all = new ArrayList<>();
        for (Pair pair : settings.pairs()) {
            all.add(load(pair, Credential.stamp(pair.chain(), pair.key()), settings, making));
        }
        return new Certificates(settings, making, all);
    }

    private static Loaded load(Pair pair, List<String> stamp, TlsSettings settings, Making making)
            throws BadCertificate {
        Credential credential = Credential.read(pair.chain(), pair.key());
        try {
            SslContext context = making.library().context(credential, settings.least(), making.http());
            return new Loaded(pair, stamp, stamp, Optional.empty(), credential, context).lookedAt(making);
        } catch (SSLException | IllegalArgumentException e) {
            throw new BadCertificate(pair.chain(), "it cannot be used: " + e.getMessage(), "Get another one");
        }
    }

    /** Returns what they were read by. */
    public TlsSettings settings() {
        return settings;
    }

    /**
     * Returns what is to be used from now on. Files that are others than those that are used are read once they have stayed the
     * same from one look to the next: so nothing is read that is half written, or has its key still to come. What cannot be used
     * is told, and the one before used on.
     */
    Certificates renewed() {
        List<Loaded> next = new ArrayList<>();
        boolean same = true;
        for (Loaded one : loaded) {
            List<String> now = Credential.stamp(one.pair().chain(), one.pair().key());
            Loaded then = now.equals(one.used()) && now.equals(one.seen()) ? one.lookedAt(making) : renewed(one, now);
            next.add(then);
            same &= then.equals(one);
        }
        return same ? this : new Certificates(settings, making, next);
    }

    private Loaded renewed(Loaded one, List<String> now) {
        if (now.equals(one.used()) || !now.equals(one.seen())) {
            return one.with(one.used(), now);
        }
        try {
            Loaded next = load(one.pair(), now, settings, making);
            making.told()
                    .accept(Notice.information("proxy.certificate_renewed", "New certificate is used")
                            .with("path", one.pair().chain()));
            return next;
        } catch (BadCertificate e) {
            making.told().accept(refusal(e));
            return one.with(now, now);
        }
    }

    /** Returns that a new one is not used, and the one before is. */
    public static Notice refusal(BadCertificate why) {
        return Notice.warning("proxy.certificate_refused", "New certificate cannot be used, the one before is")
                .with("path", why.file())
                .with("why", why.why())
                .with("advice", why.advice());
    }

    /** Returns what is for a host; for none, or one that is not known, that of the first certificate. */
    @Override
    public SslContext map(@Nullable String host) {
        SslContext first = loaded.get(0).context();
        if (host == null) {
            return first;
        }
        String name = host.toLowerCase(Locale.ROOT);
        SslContext exact = byHost.get(name);
        return exact != null ? exact : byHost.getOrDefault("*" + name.substring(Math.max(name.indexOf('.'), 0)), first);
    }
}
