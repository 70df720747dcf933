package dewy.posix;

import dewy.api.DewyException;
import dewy.api.process.OwnSignals;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The agent's own signals as a service. */
@Component(name = "dewy.posix.signals")
public final class PosixOwnSignals implements OwnSignals {
    private final SpareFolder spare = new SpareFolder();

    @Activate
    void activate(BundleContext context) {
        spare.offer(context);
    }

    @Override
    public void claim() throws DewyException {
        NativeCode.require(spare);
    }

    @Override
    public boolean givesToJvm() {
        if (!NativeCode.isBound() || !AttachRequest.toThisProcess().isPending(CLibrary.geteuid())) {
            return false;
        }
        JvmSignals.giveQuit();
        return true;
    }
}
