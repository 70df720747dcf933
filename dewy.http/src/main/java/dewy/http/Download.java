package dewy.http;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactStream;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Opens content at an offset, and goes on with a part of it where the server proves that it is still the same (RFC 9110,
 * sections 13.1.5 and 14).
 *
 * @param declared how long the content is, where that was told before
 */
public record Download(WebClient web, Request request, OptionalLong declared) {
    /**
     * Opens it.
     *
     * @param offset how many bytes are held already
     * @param validator what they came with; without it, or when the content is another, the stream begins at 0
     * @throws CorruptException if it has not the length that was declared
     */
    public ArtifactStream open(Call call, long offset, Optional<String> validator) throws DewyException {
        if (offset > 0 && validator.isPresent()) {
            Optional<ArtifactStream> rest = resume(call, offset, validator.get());
            if (rest.isPresent()) {
                return rest.get();
            }
        }
        return fromTheStart(web.ask(call, request, 200));
    }

    /** Goes on at an offset; empty if the server answers with another part than the one asked for. */
    private Optional<ArtifactStream> resume(Call call, long offset, String validator) throws DewyException {
        Request part = request.with("Range", "bytes=" + offset + "-").with("If-Range", validator);
        Response response = web.ask(call, part, 200, 206, 416);
        if (response.status() == 200) {
            return Optional.of(fromTheStart(response));
        }
        ContentRange range = response.contentRange()
                .filter(told -> !response.contradicts(validator))
                .orElse(ContentRange.UNKNOWN);
        if (response.status() == 206 && range.start().equals(OptionalLong.of(offset))) {
            return Optional.of(stream(response, offset, range.total(), Optional.of(validator)));
        }
        response.close();
        // Everything was there already, which only the server knew.
        return response.status() == 416 && range.total().equals(OptionalLong.of(offset))
                ? Optional.of(new ArtifactStream(
                        InputStream.nullInputStream(), offset, range.total(), Optional.of(validator)))
                : Optional.empty();
    }

    private ArtifactStream fromTheStart(Response response) throws CorruptException {
        return stream(response, 0, response.number("content-length"), response.validator());
    }

    private ArtifactStream stream(Response response, long offset, OptionalLong said, Optional<String> validator)
            throws CorruptException {
        if (declared.isPresent() && said.isPresent() && declared.getAsLong() != said.getAsLong()) {
            response.close();
            String why = "it has " + said.getAsLong() + " bytes, but the registry declares " + declared.getAsLong();
            throw new CorruptException(Problem.of(request.tried(), request.on(), why, "Publish it again"));
        }
        OptionalLong total = said.isPresent() ? said : declared;
        InputStream bytes = new MeasuredStream(response.body(), offset, total);
        return new ArtifactStream(bytes, offset, total, validator);
    }
}
