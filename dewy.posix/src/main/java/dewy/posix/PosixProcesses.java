package dewy.posix;

import dewy.api.DewyException;
import dewy.api.process.ChildProcess;
import dewy.api.process.Processes;
import dewy.api.process.Spawn;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Child processes as a service. */
@Component(name = "dewy.posix.processes")
public final class PosixProcesses implements Processes {
    /** Made when it is first needed, which is after the native code was loaded. */
    private static final class Once {
        static final Spawner SPAWNER = Spawner.ofThisSystem();
    }

    private final SpareFolder spare = new SpareFolder();

    @Activate
    void activate(BundleContext context) {
        spare.offer(context);
    }

    @Override
    public void check(Spawn spawn, Map<Path, Path> links) throws DewyException {
        NativeCode.require(spare);
        Spawner.check(spawn, links);
    }

    @Override
    public ChildProcess spawn(Spawn spawn) throws DewyException {
        NativeCode.require(spare);
        return Once.SPAWNER.spawn(spawn);
    }
}
