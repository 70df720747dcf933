package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.install.Installer;
import dewy.core.install.Installers;
import dewy.core.journal.AppJournal;
import dewy.core.journal.Installed;
import dewy.core.verify.TrustedKeys;
import java.util.Optional;

/** Gets a release onto this host: fetched, with the hook in between, and installed; unless it is there already. */
record Installation(Installers installers, DeployHooks hooks, AppJournal journal, TrustedKeys trusted) {
    Installed of(Pass pass, Candidate candidate) throws DewyException {
        Deliverable deliverable = candidate.deliverable();
        Installer installer = installers.of(deliverable);
        Optional<Installed> there = there(pass, installer, deliverable);
        if (there.isPresent()) {
            pass.enter(CycleStep.PREPARE);
            hooks.before(pass, candidate);
            pass.events().publish(EventKind.RELEASE_REUSED, there.get().place());
            return there.get();
        }
        pass.enter(CycleStep.FETCH);
        try (Installer.Fetched fetched = installer.fetch(pass.call(), pass.events(), deliverable)) {
            pass.enter(CycleStep.PREPARE);
            hooks.before(pass, candidate);
            journal.preparing(pass.deployId(), deliverable);
            Installed installed = fetched.install(pass.call(), pass.events());
            journal.prepared(pass.deployId(), installed);
            return installed;
        }
    }

    /** What was installed before a key was asked for is fetched again, and verified. */
    private Optional<Installed> there(Pass pass, Installer installer, Deliverable deliverable) throws DewyException {
        Optional<Installed> known =
                journal.memory().installed(deliverable).filter(installed -> trusted.accept(installed.signer()));
        return known.isPresent() && installer.holds(pass.call(), known.get()) ? known : Optional.empty();
    }
}
