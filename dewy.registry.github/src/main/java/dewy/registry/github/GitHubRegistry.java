package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.Lifetime;
import dewy.api.registry.Cursor;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.registry.Reporting;
import dewy.api.release.Artifact;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.http.Request;
import dewy.http.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The releases of a repository. Its cursor holds the ETag of the list, and a fingerprint of what matters in it. An idle poll is
 * one conditional request.
 */
final class GitHubRegistry implements Registry, Reporting {
    private final Api api;
    private final Repository repository;
    private final ReleasePages pages;
    private final Checksums checksums;
    private final Lifetime lifetime = new Lifetime();

    GitHubRegistry(Api api, Repository repository) {
        this.api = api;
        this.repository = repository;
        this.pages = new ReleasePages(api, repository);
        this.checksums = new Checksums(api, repository);
    }

    @Override
    public Poll poll(Call call, Optional<Cursor> cursor) throws DewyException {
        return look(call, cursor).callsLeft(pages.callsLeft());
    }

    private Poll look(Call call, Optional<Cursor> cursor) throws DewyException {
        Optional<PollCursor> before = cursor.flatMap(PollCursor::parse);
        Optional<ReleasePages.Listing> listing = pages.read(lifetime.bind(call), before.flatMap(PollCursor::etag));
        if (listing.isEmpty()) {
            return Poll.unchanged(cursor.orElseThrow());
        }
        PollCursor here = PollCursor.of(api.address(), repository, listing.get());
        if (before.map(PollCursor::fingerprint).equals(Optional.of(here.fingerprint()))) {
            return Poll.unchanged(here.toCursor());
        }
        return Poll.changed(
                listing.get().releases().stream()
                        .map(release -> release.toRelease(repository))
                        .toList(),
                here.toCursor());
    }

    @Override
    public Artifact describe(Call call, Release release, Artifact artifact) throws DewyException {
        if (artifact.digest().isPresent()) {
            return artifact;
        }
        Call mine = lifetime.bind(call);
        Optional<Digest> digest = checksums.find(mine, pages.find(mine, release.tag()), artifact.name());
        return digest.map(artifact::withDigest).orElse(artifact);
    }

    @Override
    public void report(Call call, DeploymentReport report) throws DewyException {
        Call mine = lifetime.bind(call);
        if (report.error().isPresent() || api.isAnonymous(mine)) {
            return;
        }
        String tag = report.deliverable().release().tag();
        // GitHub takes no empty files.
        String content = tag + " " + report.deliverable().artifact().name() + "\n";
        Request request = Api.post(
                        "leave the audit file",
                        report.fileName() + " at " + tag + " of " + repository,
                        uploads(pages.find(mine, tag), report.fileName()),
                        content.getBytes(StandardCharsets.UTF_8))
                .with("Content-Type", "text/plain");
        try (Response response = api.web().ask(mine, request, 201)) {
            response.read(body -> "");
        } catch (InvalidException e) {
            if (!e.problem().why().contains("already_exists")) {
                throw e;
            }
            // The same deployment was reported before.
        }
    }

    @Override
    public void close() {
        lifetime.close();
    }

    /** Returns where to upload a file to; a repository's answer must not lead the credentials to another host. */
    private URI uploads(GitHubRelease release, String name) throws InvalidException {
        String address = release.uploads().replaceFirst("\\{.*}$", "");
        try {
            URI uri = URI.create(address + "?name=" + name);
            if (api.address().takesUploads(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new InvalidException(Problem.of(
                "leave the audit file",
                "at " + release.tag() + " of " + repository,
                "GitHub names an upload address that does not belong to its API",
                "Check that GITHUB_API_URL is the address under which GitHub knows itself"));
    }
}
