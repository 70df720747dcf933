package dewy.registry.file;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.Provider;
import dewy.api.release.Deliverable;
import dewy.tck.ArtifactContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

class FileArtifactContractTest extends ArtifactContract {
    private final FileArtifactProvider provider = new FileArtifactProvider();

    @Override
    public Provider<ArtifactSource> provider() {
        return provider;
    }

    @Override
    public String url() {
        return "file://" + root();
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return FileRegistryContractTest.WRONG_URLS;
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(Trouble.DOWN, NotFoundException.class);
    }

    @Override
    public void befall(Trouble trouble) throws IOException {
        Files.move(root(), folder.resolve("elsewhere"));
    }

    @Override
    protected void publish(String content) throws IOException {
        TestFolder registry = new TestFolder(root());
        Path uploaded = registry.put("v1.0.0/app.tar.gz.part", content);
        Files.move(uploaded, uploaded.resolveSibling("app.tar.gz"), StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    protected Deliverable published() {
        return TestFolder.deliverable("v1.0.0", "app.tar.gz");
    }

    @Override
    protected Deliverable unpublished() {
        return TestFolder.deliverable("v1.0.0", "other.tar.gz");
    }

    private Path root() {
        return folder.resolve("registry");
    }
}
