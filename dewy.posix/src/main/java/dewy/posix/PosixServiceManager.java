package dewy.posix;

import dewy.api.StorageException;
import dewy.api.process.ServiceManager;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whoever started the agent, as a service. */
@Component(name = "dewy.posix.manager")
public final class PosixServiceManager implements ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(PosixServiceManager.class);

    private final SpareFolder spare = new SpareFolder();
    private final Map<String, String> environment;
    private final Optional<NotifyAddress> address;

    public PosixServiceManager() {
        this(System.getenv());
    }

    PosixServiceManager(Map<String, String> environment) {
        this.environment = environment;
        this.address = NotifyAddress.in(environment);
    }

    @Activate
    void activate(BundleContext context) {
        spare.offer(context);
    }

    @Override
    public boolean isPresent() {
        return address.isPresent();
    }

    @Override
    public void tell(String state) {
        address.ifPresent(manager -> tell(manager, state));
    }

    @Override
    public Optional<Duration> watchdog() {
        String own = Long.toString(ProcessHandle.current().pid());
        if (address.isEmpty() || !environment.getOrDefault("WATCHDOG_PID", own).equals(own)) {
            return Optional.empty();
        }
        return Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                .filter(number -> number.matches("[1-9]\\d{0,17}"))
                .map(number -> Duration.of(Long.parseLong(number), ChronoUnit.MICROS));
    }

    private void tell(NotifyAddress manager, String state) {
        try {
            NativeCode.require(spare);
            new Notification(state, OptionalInt.empty()).sendTo(manager);
        } catch (StorageException | SystemCallException e) {
            LOG.debug("The service manager at {} was not told {}", manager.name(), state, e);
        }
    }
}
