package dewy.proxy.plane;

import dewy.pem.BadCertificate;
import dewy.proxy.tls.Certificates;
import dewy.proxy.tls.Library;
import dewy.proxy.tls.Termination;
import dewy.proxy.tls.TlsSettings;
import dewy.proxy.traffic.Notice;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** How TLS is spoken at a listening socket: not at all until its apps want it. Guarded by the lock of the port. */
final class Encryption {
    private final Consumer<Notice> told;
    private Wanted spoken = new Wanted(Optional.empty(), true);
    private volatile Optional<Termination> termination = Optional.empty();

    /**
     * What the apps of a socket want.
     *
     * @param tls the certificates of all of them, if what arrives is encrypted
     * @param http whether HTTP is spoken behind it
     */
    record Wanted(Optional<TlsSettings> tls, boolean http) {
        private Optional<Certificates> certificates(Consumer<Notice> told) throws BadCertificate {
            return tls.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Certificates.read(
                            tls.get(), new Certificates.Making(Loaded.LIBRARY, http, InstantSource.system(), told)));
        }
    }

    /** Looked for when TLS is needed first. */
    private static final class Loaded {
        static final Library LIBRARY = Library.best(PlaneLog::tell);
    }

    Encryption(Consumer<Notice> told) {
        this.told = told;
    }

    /**
     * Finds out whether certificates can be used.
     *
     * @throws WrongQuestion if one cannot be
     */
    static void check(Wanted wanted) throws WrongQuestion {
        try {
            Optional<Certificates> unused = wanted.certificates(notice -> {});
        } catch (BadCertificate e) {
            throw new WrongQuestion(e.file().toString(), e.why(), e.advice());
        }
    }

    /** Returns whether this is what is spoken already. */
    boolean is(Wanted wanted) {
        return spoken.equals(wanted);
    }

    /** Has what is accepted from now on begin so. What could be read when it was {@link #check}ed and cannot now is left as it was. */
    void speak(Wanted wanted) {
        if (is(wanted)) {
            return;
        }
        try {
            speak(wanted.certificates(told));
            spoken = wanted;
        } catch (BadCertificate e) {
            told.accept(Certificates.refusal(e));
        }
    }

    private void speak(Optional<Certificates> certificates) {
        if (certificates.isPresent() && termination.isPresent()) {
            termination.get().use(certificates.get());
        } else {
            close();
            termination = certificates.map(Termination::new);
        }
    }

    /** Returns by what a connection begins that was accepted, if TLS is spoken. To be called in any thread, without the lock. */
    Optional<Termination> termination() {
        return termination;
    }

    /** Reads no files any more. */
    void close() {
        termination.ifPresent(Termination::close);
    }
}
