package dewy.registry.file;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotYetThereException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.StorageException;
import dewy.api.plugin.HealthCheck;
import dewy.api.registry.ChecksumFile;
import dewy.api.registry.Cursor;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.FileRole;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.registry.Reporting;
import dewy.api.registry.Waking;
import dewy.api.release.Artifact;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The releases in a folder. Its cursor is a fingerprint of what the folder holds. An idle poll reads 32 versions at
 * most; all of them every ten minutes.
 */
final class FileRegistry implements Registry, Reporting, Waking, HealthCheck {
    private static final int LARGEST_CHECKSUMS = 4 << 20;

    private final RegistryFolder folder;
    private final Looks looks;
    private final Settling settling;
    private final FolderWatch watch;

    FileRegistry(RegistryFolder folder, InstantSource clock, FolderWatch watch) {
        this.folder = folder;
        this.looks = new Looks(folder.root(), clock);
        this.settling = new Settling(folder.settle(), clock);
        this.watch = watch;
    }

    @Override
    public Poll poll(Call call, Optional<Cursor> cursor) throws DewyException {
        call.check();
        if (cursor.isPresent() && looks.stillShow(cursor.get())) {
            return Poll.unchanged(cursor.get());
        }
        Snapshot now = looks.whole(call);
        Cursor here = now.cursor();
        if (cursor.equals(Optional.of(here))) {
            return Poll.unchanged(here);
        }
        Poll changed = Poll.changed(now.releases(), here);
        return now.remark().map(changed::remark).orElse(changed);
    }

    @Override
    public Artifact describe(Call call, Release release, Artifact artifact) throws DewyException {
        call.check();
        RegistryFolder.Found file = folder.find(release.tag(), artifact.name());
        Stamp stamp = file.stamp();
        settling.check(file.path(), stamp, artifact.size().orElse(stamp.size()));
        Optional<Digest> digest = ChecksumFile.digest(checksumFiles(release.tag(), artifact.name()));
        Artifact described = artifact.withSize(stamp.size());
        return digest.map(described::withDigest).orElse(described);
    }

    @Override
    public void report(Call call, DeploymentReport report) throws DewyException {
        call.check();
        if (report.error().isPresent()) {
            return;
        }
        Path audit = folder.locate(report.deliverable().release().tag(), "").resolve(report.fileName());
        try {
            Files.createFile(audit);
        } catch (FileAlreadyExistsException e) {
            // The same deployment was reported before.
        } catch (IOException e) {
            String advice = "Let the user that Dewy runs as write there, if deployments are to be recorded";
            throw new StorageException(
                    Problem.of("leave the audit file", audit, StorageException.reason(e), advice), e);
        }
    }

    /** Looks at everything that a poll looks at: which folder is the newest can be told only when all can be read. */
    @Override
    public void check(Call call) throws DewyException {
        call.check();
        Snapshot.take(call, folder.root());
    }

    @Override
    public Registration onChange(Runnable wake) {
        return watch.onChange(wake);
    }

    @Override
    public void close() {
        watch.close();
    }

    private List<ChecksumFile> checksumFiles(String tag, String artifact)
            throws StorageException, NotYetThereException, InvalidException {
        Path version = folder.root().resolve(tag);
        List<ChecksumFile> files = new ArrayList<>();
        try {
            for (ReleaseFolder.Entry entry : ReleaseFolder.read(version).files()) {
                if (FileRole.isChecksumOf(artifact, entry.name())) {
                    Path file = version.resolve(entry.name());
                    settling.check(file, Stamp.of(file));
                    files.add(new ChecksumFile(artifact, entry.name(), file.toString(), text(file)));
                }
            }
        } catch (IOException e) {
            String on = e instanceof FileSystemException known ? known.getFile() : version.toString();
            String advice = "Let the user that Dewy runs as read it, or remove it";
            throw new StorageException(Problem.of("read the checksums", on, StorageException.reason(e), advice), e);
        }
        return files;
    }

    private static String text(Path file) throws IOException, InvalidException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST_CHECKSUMS + 1);
            if (bytes.length > LARGEST_CHECKSUMS) {
                String why =
                        "it is larger than " + (LARGEST_CHECKSUMS >> 20) + " MiB, too large for a list of checksums";
                throw new InvalidException(Problem.of("read the checksums", file, why, "Remove or rename it"));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
