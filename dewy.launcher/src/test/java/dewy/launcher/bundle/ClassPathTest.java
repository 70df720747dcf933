package dewy.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is put on the class path of a launcher, and what stays in a jar. */
class ClassPathTest {
    @TempDir
    Path content;

    private BundleFolder bundles;

    @BeforeEach
    void prepare() throws IOException {
        bundles = BundleFolder.in(content.resolve("bundles"));
    }

    @Test
    void putsTheBaseThereWithWhatItNeedsAndNothingElse() throws Exception {
        BundleIndex index = bundles.withFiles("dewy.core", Map.of("core/A.class", "a"), "Import-Package: p")
                .withFiles("library", Map.of("library/B.class", "b"), "Export-Package: p")
                .with("acme.tape", BundleFolder.PLUGIN, "Import-Package: p")
                .place();
        assertThat(index.bundles().stream().map(IndexedBundle::file))
                .containsExactly("acme.tape.jar", "dewy.core/", "library/");
        assertThat(index.bundle("dewy.core").orElseThrow().needs()).containsExactly("library");
        assertThat(content.resolve("core/A.class")).hasContent("a");
        assertThat(content.resolve("library/B.class")).hasContent("b");
        assertThat(content.resolve("bundles/dewy.core.jar")).doesNotExist();
        assertThat(content.resolve("bundles/acme.tape.jar")).exists();
    }

    @Test
    void keepsWhatIsABundlesOwnInAFolderAndTellsAllThatItHas() throws Exception {
        bundles.withFiles("dewy.core", Map.of("core/A.class", "a", "OSGI-INF/core.xml", "x", "META-INF/NOTICE", "n"))
                .place();
        Path folder = content.resolve("bundles/dewy.core");
        assertThat(folder.resolve("OSGI-INF/core.xml")).hasContent("x");
        assertThat(folder.resolve("META-INF/NOTICE")).hasContent("n");
        assertThat(Files.readAllLines(folder.resolve("content")))
                .containsExactly("META-INF/MANIFEST.MF", "META-INF/NOTICE", "OSGI-INF/core.xml", "core/A.class");
    }

    @Test
    void hasTheSystemBundleExportWhatIsNoMoreThanALibrary() throws Exception {
        BundleIndex index = bundles.with("dewy.core", "Export-Package: o", "Import-Package: p,q,r,u")
                .with("library", "Export-Package: p;version=1.2;uses:=s", "Import-Package: s")
                .with("another", "Export-Package: s")
                .with("active", "Export-Package: q", "Bundle-Activator: q.Activator")
                .with("user", "Export-Package: r", "Import-Package: q")
                .with("apart", "Export-Package: t")
                .with("named", "Export-Package: u")
                .with("acme.tape", BundleFolder.PLUGIN, "Require-Bundle: named;bundle-version=1")
                .place();
        assertThat(index.bundles().stream().filter(IndexedBundle::isExported))
                .extracting(IndexedBundle::symbolicName)
                .containsExactly("another", "library");
        assertThat(index.exports()).isEqualTo("s,p;version=1.2;uses:=s");
    }

    @Test
    void leavesInAJarWhatMayGetPackagesOfPlugins() throws Exception {
        BundleIndex index =
                bundles.with("dewy.core", "DynamicImport-Package: p").place();
        assertThat(index.bundle("dewy.core").orElseThrow().file()).isEqualTo("dewy.core.jar");
        assertThat(content.resolve("bundles/dewy.core")).doesNotExist();
    }

    @Test
    void leavesOutWhatCountsInAJarOnly() throws Exception {
        Map<String, String> files = Map.of(
                "META-INF/versions/11/core/A.class", "newer",
                "OSGI-OPT/src/core/A.java", "source",
                "module-info.class", "module",
                "win/amd64/core.dll", "native",
                "linux/amd64/core.so", "native");
        bundles.withFiles("dewy.core", files, "Multi-Release: true", "Bundle-NativeCode: linux/amd64/core.so")
                .place();
        assertThat(Files.readAllLines(content.resolve("bundles/dewy.core/content")))
                .isEqualTo(List.of("META-INF/MANIFEST.MF", "linux/amd64/core.so"));
        assertThat(headers("dewy.core").keySet().stream().map(Object::toString))
                .contains("Bundle-SymbolicName")
                .doesNotContain("Multi-Release", "Bundle-NativeCode");
    }

    @Test
    void refusesTwoFilesOfOneNameThatDiffer() throws Exception {
        bundles.withFiles("dewy.core", Map.of("p/A.class", "a")).withFiles("dewy.shell", Map.of("p/A.class", "b"));
        assertThatThrownBy(() -> bundles.place())
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("p/A.class");
    }

    @Test
    void isTheSameWhenADistributionDoesItAgain() throws Exception {
        BundleIndex first =
                bundles.withFiles("dewy.core", Map.of("p/A.class", "a")).place();
        BundleIndex second = bundles.with("acme.tape", BundleFolder.PLUGIN).place();
        assertThat(second.bundle("dewy.core")).isEqualTo(first.bundle("dewy.core"));
        assertThat(second.bundle("acme.tape")).isPresent();
        assertThat(content.resolve("p/A.class")).hasContent("a");
    }

    private Attributes headers(String bundle) throws IOException {
        try (var in = Files.newInputStream(content.resolve("bundles/" + bundle + "/META-INF/MANIFEST.MF"))) {
            return new Manifest(in).getMainAttributes();
        }
    }
}
