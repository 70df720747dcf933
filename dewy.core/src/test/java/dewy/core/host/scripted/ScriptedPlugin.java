package dewy.core.host.scripted;

import dewy.api.Call;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.api.notifier.NotifierProvider;
import dewy.api.plugin.AdoptingProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.PluginUrl;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** The activator of test bundles: registers notifiers that do what headers of the manifest say. */
public final class ScriptedPlugin implements BundleActivator {
    /** A system property that names the test that runs. */
    public static final String TESTING = "test.is-running";

    /** A system property that has some of them register nothing. */
    public static final String SILENT = "test.is-silent";

    private static final String DOES = "Test-Does";

    private @Nullable Thread worker;

    @Override
    public void start(BundleContext context) throws Exception {
        String does = header(context, DOES);
        if ("throw-in-start".equals(does)) {
            throw new IllegalStateException("it does not like this host");
        }
        if ("hang-in-start".equals(does)) {
            hang();
        }
        if ("leak-a-thread".equals(does)) {
            new Thread(ScriptedPlugin::hang, "leaked").start();
        }
        if ("work-on-a-thread".equals(does)) {
            worker = new Thread(ScriptedPlugin::work, "worker");
            worker.start();
        }
        String kind = header(context, "Test-Kind");
        boolean silent = "be-silent-at-times".equals(does) && Boolean.getBoolean(SILENT);
        for (String scheme : header(context, "Test-Schemes").split(",", -1)) {
            if (!scheme.isEmpty() && !silent) {
                register(context, kind, scheme, does);
            }
        }
    }

    @Override
    public void stop(BundleContext context) {
        if ("throw-in-stop".equals(header(context, DOES))) {
            throw new IllegalStateException("it does not want to go");
        }
        if (worker != null) {
            worker.interrupt();
        }
    }

    private static void register(BundleContext context, String kind, String scheme, String does) {
        String ranking = header(context, "Test-Ranking");
        int rank = ranking.isEmpty() ? 0 : Integer.parseInt(ranking);
        Dictionary<String, Object> properties =
                FrameworkUtil.asDictionary(Map.of("dewy.kind", kind, "dewy.scheme", scheme, "service.ranking", rank));
        String version = context.getBundle().getVersion().toString();
        context.registerService(NotifierProvider.class, new Provider(version, does), properties);
        if ("register-twice".equals(does)) {
            context.registerService(NotifierProvider.class, new Provider(version, does), properties);
        }
    }

    private static String header(BundleContext context, String name) {
        String value = context.getBundle().getHeaders().get(name);
        return value == null ? "" : value;
    }

    /** Works until it is interrupted. */
    private static void work() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // It is to end.
        }
    }

    /** Hangs until the test is over. */
    private static void hang() {
        String test = System.getProperty(TESTING);
        while (test != null && test.equals(System.getProperty(TESTING))) {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                // It ignores that.
            }
        }
    }

    private static final class Provider implements NotifierProvider, AdoptingProvider<Notifier> {
        private final String version;
        private final String does;

        Provider(String version, String does) {
            this.version = version;
            this.does = does;
        }

        @Override
        public int format() {
            return "write-format-2".equals(does) ? 2 : 1;
        }

        @Override
        public boolean adopts(int format) {
            return format == 1 || format == format();
        }

        @Override
        public Notifier open(PluginUrl url, AppContext app) throws InvalidException {
            if ("hang-in-open".equals(does)) {
                hang();
            }
            if ("refuse-the-url".equals(does)) {
                throw new InvalidException(Problem.of("use", url, "this version wants more of it", ""));
            }
            return new Instance("opened by " + version, does);
        }

        @Override
        public Notifier adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException {
            if (("refuse-to-adopt-for-" + app.name()).equals(does)) {
                throw new InvalidException(Problem.of("adopt", url, "this app is too much", ""));
            }
            return new Instance(state.data().get("history") + ", adopted by " + version, does);
        }
    }

    private static final class Instance implements Notifier, Handover, HealthCheck {
        private final String history;
        private final String does;

        Instance(String history, String does) {
            this.history = history;
            this.does = does;
        }

        @Override
        public void check(Call call) throws UnreachableException {
            if ("be-ill".equals(does)) {
                throw new UnreachableException(Problem.of("reach", "the channel", "it is not well", ""));
            }
        }

        @Override
        public void send(Call call, Notification notification) {}

        @Override
        public HandoverState prepare(Call call) {
            return new HandoverState(1, Map.of("history", history), Map.of());
        }

        @Override
        public void commit() {}

        @Override
        public void abort() {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return history;
        }
    }
}
