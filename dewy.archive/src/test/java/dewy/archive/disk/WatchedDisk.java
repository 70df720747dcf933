package dewy.archive.disk;

import dewy.archive.disk.Watch.Call;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The real file system with somebody watching: all that is done to its paths by {@link Files} and {@link FileChannel} passes
 * here. Nothing is forced to the disk, which only takes time.
 */
public final class WatchedDisk extends FileSystemProvider {
    final Watch watch;
    private final FileSystem files = new WatchedFileSystem(this);

    public WatchedDisk(Watch watch) {
        this.watch = watch;
    }

    /** Returns a path of the real file system as one that is watched. */
    public Path path(Path real) {
        return new WatchedPath(files, real);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Path real = WatchedPath.real(path);
        boolean writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
        boolean creates = options.contains(StandardOpenOption.CREATE_NEW)
                || (options.contains(StandardOpenOption.CREATE) && Files.notExists(real));
        watch.before(creates ? Call.CREATE : Call.OPEN, real);
        FileChannel channel = FileChannel.open(real, options, attributes);
        WatchedChannel watched = new WatchedChannel(channel, real, watch, options.contains(StandardOpenOption.APPEND));
        boolean empties = writes && options.contains(StandardOpenOption.TRUNCATE_EXISTING);
        watch.changed(model -> model.open(watched, real, creates, empties));
        return watched;
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        Path real = WatchedPath.real(folder);
        watch.before(Call.LIST, real);
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(real)) {
            for (Path child : stream) {
                Path watched = path(child);
                if (filter.accept(watched)) {
                    children.add(watched);
                }
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return children.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        Path real = WatchedPath.real(folder);
        watch.before(Call.MAKE_DIRECTORY, real);
        Files.createDirectory(real, attributes);
        watch.changed(model -> model.makeDirectory(real));
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        Path real = WatchedPath.real(link);
        String to = target.toString();
        watch.before(Call.LINK, real);
        Files.createSymbolicLink(real, Path.of(to), attributes);
        watch.changed(model -> model.link(real, to));
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        return path(Files.readSymbolicLink(WatchedPath.real(link)));
    }

    @Override
    public void delete(Path path) throws IOException {
        Path real = WatchedPath.real(path);
        watch.before(Call.DELETE, real);
        Files.delete(real);
        watch.changed(model -> model.delete(real));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        Path from = WatchedPath.real(source);
        Path to = WatchedPath.real(target);
        watch.before(Call.RENAME, to);
        Files.move(from, to, options);
        watch.changed(model -> model.rename(from, to));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException("nothing is copied");
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        return Files.isSameFile(WatchedPath.real(one), WatchedPath.real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return Files.isHidden(WatchedPath.real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return Files.getFileStore(WatchedPath.real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        Path real = WatchedPath.real(path);
        real.getFileSystem().provider().checkAccess(real, modes);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        Path real = WatchedPath.real(path);
        V view = Files.getFileAttributeView(real, type, options);
        return (V) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getName().startsWith("set")) {
                watch.before(Call.SET, real);
            }
            try {
                return method.invoke(view, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return Files.readAttributes(WatchedPath.real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) throws IOException {
        return Files.readAttributes(WatchedPath.real(path), names, options);
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options) throws IOException {
        watch.before(Call.SET, WatchedPath.real(path));
        Files.setAttribute(WatchedPath.real(path), name, value, options);
    }

    @Override
    public String getScheme() {
        return "watched";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException("there is one");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return files;
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException("paths have no URIs");
    }
}
