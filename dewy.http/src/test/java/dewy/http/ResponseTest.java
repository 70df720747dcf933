package dewy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResponseTest {
    @Test
    void readsTheNextPageFromALinkHeader() {
        assertThat(next("<https://a/1>; rel=\"prev\", <https://a/3>; rel=\"next\""))
                .hasValue("https://a/3");
        assertThat(next("<https://a/3>; title=\"x\"; rel=next, <https://a/9>; rel=last"))
                .hasValue("https://a/3");
        assertThat(next("<https://a/1?rel=next>; rel=\"first\"")).isEmpty();
        assertThat(next("")).isEmpty();
        assertThat(next("nonsense")).isEmpty();
    }

    private static Optional<String> next(String header) {
        return Response.link(header, "next");
    }
}
