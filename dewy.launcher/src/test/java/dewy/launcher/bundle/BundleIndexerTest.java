package dewy.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.bundle.PluginCapability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the index says of bundles that a framework has resolved. */
class BundleIndexerTest {
    private static final String OFFERS_TAPES =
            "Provide-Capability: osgi.service;objectClass:List<String>=\"acme.Tapes\"";
    private static final String WANTS_TAPES =
            "Require-Capability: osgi.service;effective:=active;filter:=\"(objectClass=acme.Tapes)\"";

    @TempDir
    Path temporary;

    private BundleFolder bundles;

    @BeforeEach
    void prepare() throws IOException {
        bundles = BundleFolder.in(temporary.resolve("bundles"));
    }

    @Test
    void tellsVersionFileAndPluginsOfEachBundle() throws Exception {
        BundleIndex index = bundles.with("acme.tape", BundleFolder.PLUGIN).index();
        PluginCapability offer = new PluginCapability("registry", List.of("tape", "card"));
        assertThat(index.bundles())
                .containsExactly(
                        new IndexedBundle("acme.tape", "1.0.0", "acme.tape.jar", List.of(offer), List.of(), ""));
    }

    @Test
    void findsWhatIsNeededByPackagesOverSeveralBundles() throws Exception {
        BundleIndex index = bundles.with("a", "Import-Package: p")
                .with("b", "Export-Package: p", "Import-Package: q")
                .with("c", "Export-Package: q")
                .with("d")
                .index();
        assertThat(needs(index, "a")).containsExactly("b", "c");
        assertThat(needs(index, "b")).containsExactly("c");
        assertThat(needs(index, "c")).isEmpty();
    }

    @Test
    void findsWhatIsNeededByCapabilities() throws Exception {
        BundleIndex index = bundles.with("a", "Require-Capability: osgi.extender;filter:=\"(osgi.extender=x)\"")
                .with("b", "Provide-Capability: osgi.extender;osgi.extender=x")
                .index();
        assertThat(needs(index, "a")).containsExactly("b");
    }

    @Test
    void findsWhatIsNeededByServicesAndWhatThatNeeds() throws Exception {
        BundleIndex index = bundles.with("a", WANTS_TAPES)
                .with("b", OFFERS_TAPES, "Import-Package: p")
                .with("c", "Export-Package: p")
                .index();
        assertThat(needs(index, "a")).containsExactly("b", "c");
    }

    @Test
    void needsAllThatOfferAServiceButNoneForOneOfItsOwn() throws Exception {
        BundleIndex index = bundles.with("a", WANTS_TAPES)
                .with("b", OFFERS_TAPES, WANTS_TAPES)
                .with("c", OFFERS_TAPES)
                .index();
        assertThat(needs(index, "a")).containsExactly("b", "c");
        assertThat(needs(index, "b")).isEmpty();
    }

    @Test
    void takesAnOptionalPackageForNeededWhereItIsThereAndAnOptionalServiceForNotNeeded() throws Exception {
        BundleIndex index = bundles.with("a", "Import-Package: p;resolution:=optional,none;resolution:=optional")
                .with("b", "Export-Package: p")
                .with("c", WANTS_TAPES + ";resolution:=optional")
                .with("d", OFFERS_TAPES)
                .index();
        assertThat(needs(index, "a")).containsExactly("b");
        assertThat(needs(index, "c")).isEmpty();
    }

    @Test
    void hasAHostNeedItsFragments() throws Exception {
        BundleIndex index = bundles.with("a", "Import-Package: p")
                .with("host", "Export-Package: p")
                .with("part", "Fragment-Host: host")
                .index();
        assertThat(needs(index, "a")).containsExactly("host", "part");
    }

    @Test
    void takesWhatTheLauncherExportsAndProvidesForGiven() throws Exception {
        BundleIndex index = bundles.with("a", "Import-Package: p", WANTS_TAPES)
                .index("Export-Package: p;version=1.0", OFFERS_TAPES);
        assertThat(needs(index, "a")).isEmpty();
    }

    @Test
    void refusesABundleThatLacksAPackageSayingWhich() throws IOException {
        bundles.with("a", "Import-Package: acme.tapes;version=\"[2,3)\"")
                .with("b", "Export-Package: acme.tapes;version=1.0");
        assertThatThrownBy(() -> bundles.index())
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("a 1.0.0 lacks osgi.wiring.package (&(osgi.wiring.package=acme.tapes)")
                .hasMessageContaining("Add a dependency on a bundle that has it");
    }

    @Test
    void refusesABundleThatLacksAServiceSayingWhich() throws IOException {
        bundles.with("a", WANTS_TAPES).with("b");
        assertThatThrownBy(() -> bundles.index())
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("a 1.0.0 lacks osgi.service (objectClass=acme.Tapes)");
    }

    @Test
    void refusesABundleWhosePackagesContradictEachOther() throws IOException {
        bundles.with("old", "Export-Package: p;version=1.0")
                .with("new", "Export-Package: p;version=2.0")
                .with("q", "Export-Package: q;uses:=p", "Import-Package: p;version=\"[1,2)\"")
                .with("torn", "Import-Package: q,p;version=\"[2,3)\"");
        assertThatThrownBy(() -> bundles.index())
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("Uses constraint violation. Unable to resolve resource torn");
    }

    @Test
    void refusesTwoBundlesOfOneName() throws IOException {
        bundles.with("a");
        Files.copy(bundles.path().resolve("a.jar"), bundles.path().resolve("b.jar"));
        assertThatThrownBy(() -> bundles.index()).hasMessageContaining("two bundles a");
    }

    private static List<String> needs(BundleIndex index, String symbolicName) {
        return index.bundle(symbolicName).orElseThrow().needs();
    }
}
