package dewy.registry.grpc;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Lifetime;
import dewy.api.registry.Cursor;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.registry.Reporting;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Platform;
import dewy.api.release.Release;
import dewy.registry.grpc.Messages.CurrentRequest;
import dewy.registry.grpc.Messages.CurrentResponse;
import dewy.registry.grpc.Messages.ReportRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a server selects for this host. Its cursor is a fingerprint of the last answer. A poll is one RPC on a connection that is
 * kept, whether or not there is anything new.
 */
final class GrpcRegistry implements Registry, Reporting {
    /** The meaning of a cursor, to be changed together with it. */
    private static final String FORMAT = "1 ";

    private final RegistryService service;
    private final AppContext app;
    private final Platform platform;
    private final Lifetime lifetime = new Lifetime();

    GrpcRegistry(RegistryService service, AppContext app, Platform platform) {
        this.service = service;
        this.app = app;
        this.platform = platform;
    }

    @Override
    public Poll poll(Call call, Optional<Cursor> cursor) throws DewyException {
        CurrentRequest request = new CurrentRequest(platform.arch(), platform.os(), app.artifactName());
        CurrentResponse answer = service.current(lifetime.bind(call), request);
        Cursor here = new Cursor(FORMAT + fingerprint(answer));
        if (cursor.equals(Optional.of(here))) {
            return Poll.unchanged(here);
        }
        return Poll.changed(releases(answer), here).selectedForHost();
    }

    @Override
    public void report(Call call, DeploymentReport report) throws DewyException {
        tell(call, report);
    }

    @Override
    public void reportFailure(Call call, DeploymentReport report) throws DewyException {
        tell(call, report);
    }

    @Override
    public void close() {
        lifetime.close();
        service.close();
    }

    private void tell(Call call, DeploymentReport report) throws DewyException {
        Deliverable what = report.deliverable();
        String tag = what.release().tag();
        service.report(lifetime.bind(call), new ReportRequest(id(what), tag, report.command(), report.error()));
    }

    /** Where the user says where artifacts are, the one that was deployed is not the one that the server announced. */
    private String id(Deliverable what) {
        return Stream.concat(Stream.of(what.artifact()), what.release().artifacts().stream())
                .map(AnnouncedArtifact::releaseId)
                .filter(id -> !id.isEmpty())
                .findFirst()
                .orElse("");
    }

    private List<Release> releases(CurrentResponse answer) throws DewyException {
        if (answer.tag().isEmpty()) {
            return List.of();
        }
        boolean image = "container".equals(app.command());
        return List.of(new Release(
                answer.tag(),
                answer.createdAt(),
                AnnouncedArtifact.of(answer, image).map(List::of).orElse(List.of())));
    }

    private static String fingerprint(CurrentResponse answer) {
        MessageDigest sum = Digest.calculation("sha256");
        for (Object part : List.of(answer.id(), answer.tag(), answer.artifactUrl(), answer.createdAt())) {
            byte[] bytes = part.toString().getBytes(StandardCharsets.UTF_8);
            sum.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            sum.update(bytes);
        }
        return Digest.of(sum).hex();
    }
}
