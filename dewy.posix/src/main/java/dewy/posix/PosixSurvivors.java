package dewy.posix;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.process.Inheritable;
import dewy.api.process.Survivors;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** What an earlier agent left, as a service. */
@Component(name = "dewy.posix.survivors")
public final class PosixSurvivors implements Survivors {
    private final SpareFolder spare = new SpareFolder();

    @Activate
    void activate(BundleContext context) {
        spare.offer(context);
    }

    @Override
    public Map<String, Inheritable> find(Map<String, String> references) throws DewyException {
        if (Constants.MACOS && !references.isEmpty()) {
            throw new StorageException(Problem.of(
                    "find", "what an earlier agent left running", "this is not Linux", "Stop it, and start anew"));
        }
        Takeover takeover = Takeover.of(references);
        if (takeover.isEmpty()) {
            return Map.of();
        }
        NativeCode.require(spare);
        return takeover.find(TakeoverWay.allowed(), KeptSockets.ofThisProcess(), DescriptorStore.in(System.getenv()));
    }
}
