package dewy.registry.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken from an answer, and what is said about one that is malformed. */
class JsonTest {
    private static final String DOCUMENTED = "it is not the JSON that GitHub documents";

    @Test
    void takesWhatIsKnownAndPassesOverTheRest() throws Exception {
        List<GitHubRelease> releases = releases("[{'author':{'id':7,'assets':[[{'id':8}]]},'id':1,'tag_name':'v1',"
                + "'draft':null,'published_at':null,'created_at':'2026-01-02T03:04:05Z','body':null,"
                + "'assets':[{'uploader':{'id':9},'id':2,'name':'a.zip','size':3,'digest':null,'label':[]}]}]");

        assertThat(releases).singleElement().satisfies(release -> {
            assertThat(release.id()).isEqualTo(1);
            assertThat(release.draft()).isFalse();
            assertThat(release.published()).hasToString("Optional[2026-01-02T03:04:05Z]");
            assertThat(release.assets()).extracting(Asset::id).containsExactly(2L);
            assertThat(release.assets().get(0).size()).hasValue(3);
            assertThat(release.assets().get(0).digest()).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{}                                                              | \"\"",
                "[null]                                                          | /0",
                "[{'id':1,'tag_name':'v1'},{'id':'secret'}]                      | /1/id",
                "[{'id':{'a':1}}]                                                | /0/id",
                "[{'tag_name':['secret']}]                                       | /0/tag_name",
                "[{'published_at':'secret'}]                                     | /0/published_at",
                "[{'assets':null}]                                               | /0/assets",
                "[{'id':1,'assets':[{'id':1,'name':'a'},{'name':'secret'}]}]     | /0/assets/1",
                "[{'id':2,'name':'secret'}]                                      | /0",
            })
    void saysWhereAnAnswerIsMalformedWithoutQuotingIt(String json, String place) {
        assertThatThrownBy(() -> releases(json))
                .isExactlyInstanceOf(IOException.class)
                .hasNoCause()
                .hasMessage(DOCUMENTED + (place.isEmpty() ? "" : " at " + place));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "[{'secret':", "[{'id':99999999999999999999}]", "[{'draft':'secret'}]"})
    void doesNotQuoteWhatIsNoJson(String json) {
        assertThatThrownBy(() -> releases(json))
                .isExactlyInstanceOf(IOException.class)
                .hasNoCause()
                .hasMessage(DOCUMENTED);
    }

    @Test
    void doesNotGoDownWithoutEnd() {
        assertThatThrownBy(() -> releases("[{'x':" + "[".repeat(100_000))).hasMessage(DOCUMENTED);
    }

    @Test
    void tellsABrokenStreamFromWhatIsMalformed() throws Exception {
        InputStream in = InputStream.nullInputStream();
        in.close();

        assertThatThrownBy(() -> Json.list(GitHubRelease::read).read(in)).hasMessage("Stream closed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'errors':[{'field':'x','code':'a'},{'code':'b'}],'id':1} | a",
                "{'errors':['wrong',{'in':[{'code':'a'}]}],'id':1}         | a",
                "{'errors':['wrong'],'id':1}                               | \"\"",
                "{'errors':'code','id':1}                                  | \"\"",
                "{'errors':null,'id':1}                                    | \"\"",
            })
    void findsATextAtWhicheverDepth(String json, String found) throws Exception {
        assertThat(Json.one(JsonTest::code).read(stream(json))).isEqualTo(found);
    }

    private static String code(Json json) throws IOException {
        json.open();
        assertThat(json.next()).isTrue();
        String code = json.find("code");
        assertThat(json.next()).isTrue();
        assertThat(json.number()).hasValue(1);
        return code;
    }

    private static List<GitHubRelease> releases(String json) throws IOException {
        return Json.list(GitHubRelease::read).read(stream(json));
    }

    private static InputStream stream(String json) {
        return new ByteArrayInputStream(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
