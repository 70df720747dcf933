package dewy.registry.file;

import dewy.api.DewyException;
import dewy.api.StorageException;
import dewy.api.plugin.Provider;
import dewy.api.registry.Registry;
import dewy.tck.RegistryContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

class FileRegistryContractTest extends RegistryContract {
    static final List<WrongUrl> WRONG_URLS = List.of(
            WrongUrl.of("file:"),
            WrongUrl.of("file://srv/releases?settle=soon", "settle"),
            WrongUrl.of("file:///a%00b?settle=-1s", "settle"));

    private final FileRegistryProvider provider = new FileRegistryProvider();
    private Path root = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        root = Files.createDirectory(folder.resolve("registry"));
    }

    @Override
    public Provider<Registry> provider() {
        return provider;
    }

    @Override
    public String url() {
        return "file://" + root;
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return WRONG_URLS;
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(Trouble.DOWN, StorageException.class, Trouble.LYING, StorageException.class);
    }

    @Override
    public void befall(Trouble trouble) throws IOException {
        if (trouble == Trouble.DOWN) {
            Files.delete(root);
        } else {
            Files.createSymbolicLink(root.resolve("v1.0.0"), root.resolve("gone"));
        }
    }

    @Override
    protected void publish(String tag, String artifact, String content) throws IOException {
        new TestFolder(root).put(tag + "/" + artifact, content);
    }
}
