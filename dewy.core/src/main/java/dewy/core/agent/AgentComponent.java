package dewy.core.agent;

import dewy.api.Registration;
import dewy.api.control.Agent;
import dewy.api.event.EventLog;
import dewy.api.process.ListeningSockets;
import dewy.api.process.Processes;
import dewy.api.process.ServiceManager;
import dewy.api.process.Survivors;
import dewy.core.app.AppFactory;
import dewy.core.app.Timing;
import dewy.core.audit.AuditLog;
import dewy.core.audit.AuditedEvents;
import dewy.core.event.EventLogger;
import dewy.core.event.EventStream;
import dewy.core.host.PluginHost;
import dewy.core.operation.OperationList;
import dewy.core.plugin.Guard;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Puts the agent into the framework. Its services are registered by hand, so the manifest is told of them here. */
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"dewy.api.control.Agent\"")
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"dewy.api.event.EventLog\"")
@Component(service = {})
public final class AgentComponent {
    /** Why what is under way ends: the log of a deployment tells it. */
    private static final String STOPPED = "the agent is being stopped; it goes on when the agent is started again";

    private final LocalAgent agent;
    private final PluginHost plugins;
    private final ScheduledThreadPoolExecutor timer;
    private final Workers workers;
    private final Registration listening;
    private final AuditedEvents audited;
    private final ServiceRegistration<EventLog> eventLog;
    private final ServiceRegistration<Agent> control;

    @Activate
    public AgentComponent(
            BundleContext context,
            @Reference ComponentServiceObjects<Processes> processes,
            @Reference ComponentServiceObjects<Survivors> survivors,
            @Reference ComponentServiceObjects<ServiceManager> manager,
            @Reference ComponentServiceObjects<ListeningSockets> sockets) {
        InstantSource clock = InstantSource.system();
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(null, task, "dewy-timer", 256 << 10);
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        workers = new Workers(timer);
        EventStream events = new EventStream(clock, new EventLogger(), workers);
        Timing timing = new Timing(clock, System::nanoTime, new SecureRandom()::nextDouble, timer, workers);
        Guard guard = new Guard(workers, timer, System::nanoTime);
        Apps apps = new Apps();
        OperationList operations = new OperationList(events, clock, System::nanoTime);
        plugins = new PluginHost(context, home(context), guard, events, operations, workers, apps::all);
        AuditLog audit = new AuditLog(home(context), workers);
        audited = new AuditedEvents(events, audit);
        agent = new LocalAgent(
                apps,
                new AppFactory(
                        plugins.directory(),
                        guard,
                        events,
                        processes::getService,
                        survivors::getService,
                        new AppFactory.Place(hostName(), version(context)),
                        timing,
                        operations),
                plugins.plugins(),
                new AgentOperations(operations, apps, plugins::begin),
                new AgentRecords(new AgentCapsules(apps), audit, clock),
                version(context),
                new Heartbeat(manager::getService, timer, workers),
                sockets::getService);
        listening = plugins.directory().listen(agent);
        plugins.open(timer, workers);
        eventLog = context.registerService(EventLog.class, events, FrameworkUtil.asDictionary(Map.of()));
        control = context.registerService(Agent.class, agent, FrameworkUtil.asDictionary(Map.of()));
        context.addBundleListener((SynchronousBundleListener) this::changed);
    }

    /** The framework stops bundles in an order of its own: the apps stop before, while their plugins are there. */
    private void changed(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            agent.stop(STOPPED);
        }
    }

    @Deactivate
    void stop() {
        control.unregister();
        eventLog.unregister();
        agent.stop(STOPPED);
        listening.close();
        plugins.close();
        audited.close();
        timer.shutdownNow();
        workers.end();
    }

    /** Returns the version of the whole, as its launcher tells it to people. */
    private static String version(BundleContext context) {
        String told = context.getProperty("dewy.version");
        return told == null ? context.getBundle().getVersion().toString() : told;
    }

    private static Path home(BundleContext context) {
        String home = context.getProperty("dewy.home");
        return Path.of(home == null ? ".dewy" : home).toAbsolutePath();
    }

    private static String hostName() {
        String configured = System.getenv("HOSTNAME");
        if (configured != null && !configured.isBlank()) {
            return configured;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
