package dewy.itest;

import static dewy.itest.BundleSet.componentsInWant;
import static dewy.itest.BundleSet.context;
import static dewy.itest.BundleSet.keeps;
import static dewy.itest.BundleSet.privateClasses;
import static dewy.itest.BundleSet.promises;
import static dewy.itest.BundleSet.sees;
import static dewy.itest.BundleSet.services;
import static dewy.itest.BundleSet.shipped;
import static dewy.itest.BundleSet.system;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackage;

import dewy.api.InvalidException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.cache.CacheProvider;
import dewy.api.control.Agent;
import dewy.api.event.EventLog;
import dewy.api.notifier.NotifierProvider;
import dewy.api.plugin.Plugin;
import dewy.api.process.ListeningSockets;
import dewy.api.process.Processes;
import dewy.api.registry.RegistryProvider;
import dewy.api.runtime.RuntimeProvider;
import dewy.launcher.agent.LauncherJar;
import dewy.launcher.bundle.IndexedBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.Version;

/**
 * The bundles inside the launcher's jar, in a framework that exports to them what the launcher does: whatever is shipped
 * is under test. The tests themselves run in that framework, from a bundle that Pax Exam makes.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class BundleSetIT {
    private static final List<Class<?>> PROVIDERS = List.of(
            RegistryProvider.class,
            ArtifactProvider.class,
            CacheProvider.class,
            NotifierProvider.class,
            RuntimeProvider.class);
    private static final List<Class<?>> SERVICES =
            List.of(Agent.class, EventLog.class, ListeningSockets.class, Processes.class);

    /** The launcher's own classes do the unpacking, so that the set, its order and the exports are the shipped ones. */
    @Configuration
    public Option[] framework() throws IOException, InvalidException {
        List<Option> options = new ArrayList<>();
        try (LauncherJar jar = LauncherJar.open()) {
            Collection<IndexedBundle> bundles = jar.index().bundles();
            jar.removeOthers(bundles, BundleSet.JARS);
            for (IndexedBundle each : bundles) {
                Path file = ShippedBundles.jar(jar, each, BundleSet.JARS);
                options.add(bundle("reference:" + file.toUri()));
            }
            options.add(systemPackage(jar.header(Constants.EXPORT_PACKAGE)));
        }
        options.add(frameworkProperty("dewy.home").value(BundleSet.HOME.toString()));
        // The prompt starts as the others do, but must not read the terminal.
        options.add(frameworkProperty("gosh.args").value("--quiet --nointeractive --noshutdown"));
        // For the bundles of Pax Exam alone: ours ask for version 2.
        options.add(systemPackage("org.slf4j;version=1.7.36"));
        options.add(junitBundles());
        return options.toArray(Option[]::new);
    }

    @Test
    public void everyBundleIsResolvedAndActive() throws IOException {
        shipped().forEach(bundle -> assertEquals(bundle.toString(), Bundle.ACTIVE, bundle.getState()));
        try (Stream<Path> files = Files.list(BundleSet.JARS)) {
            assertEquals(files.count(), shipped().size());
        }
    }

    @Test
    public void everyComponentHasWhatItNeeds() {
        assertEquals(Set.of(), componentsInWant());
    }

    @Test
    public void everyServiceAndPluginThatAManifestPromisesIsThere() {
        for (Bundle bundle : shipped()) {
            promises(bundle, "osgi.service").forEach(it -> assertTrue(bundle + " " + it, keeps(bundle, "", it)));
            promises(bundle, "dewy.plugin").forEach(it -> assertTrue(bundle + " " + it, keeps(bundle, "dewy.", it)));
        }
    }

    @Test
    public void everyKindOfServiceIsThere() throws InvalidSyntaxException {
        String scheme = "(" + Plugin.SCHEME + "=*)";
        for (Class<?> kind : PROVIDERS) {
            assertNotNull(kind + " with a scheme", context().getServiceReferences(kind.getName(), scheme));
        }
        for (Class<?> kind : SERVICES) {
            assertNotNull(kind.toString(), context().getServiceReference(kind));
        }
        String commands = "(&(osgi.command.scope=dewy)(osgi.command.function=*))";
        assertNotNull("commands", context().getAllServiceReferences(null, commands));
    }

    @Test
    public void everyExportedPackageHasAVersion() {
        Set<String> unversioned = Stream.concat(shipped().stream(), Stream.of(system()))
                .flatMap(BundleSet::exports)
                .filter(it -> Version.emptyVersion.equals(it.getAttributes().get(Constants.VERSION_ATTRIBUTE)))
                .map(BundleSet::name)
                .collect(Collectors.toSet());
        // xz is the one library whose authors give none.
        assertEquals(Set.of("org.tukaani.xz"), unversioned);
    }

    @Test
    public void restartedBundlesBringTheirServicesBackAndLeaveNothingBehind() throws Exception {
        List<Thread> threads = threads();
        List<String> services = services();
        for (Bundle bundle : shipped().stream().filter(BundleSet::hasComponents).toList()) {
            String name = bundle.getSymbolicName();
            bundle.stop();
            services().forEach(it -> assertFalse(it, it.startsWith(name + " ")));
            bundle.start();
            assertEquals(name, services, services());
            assertEquals(name, Set.of(), componentsInWant());
        }
        for (Thread thread : threads) {
            thread.join(AgentProcess.PATIENCE.toMillis());
            assertFalse(thread + " outlives its bundle", thread.isAlive());
        }
    }

    @Test
    public void noBundleSeesThePrivatePackagesOfAnother() {
        for (Bundle owner : shipped()) {
            for (String name : privateClasses(owner)) {
                shipped().stream()
                        .filter(other -> !other.equals(owner))
                        .forEach(other -> assertFalse(other + " sees " + name, sees(other, name, owner)));
            }
        }
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("dewy-"))
                .toList();
    }
}
