package dewy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static final Path TABLE = Path.of("../docs/admin.md");

    private final List<Route> routes = new Api(
                    NoAgent.create(),
                    new RecentEvents(1),
                    InstantSource.system(),
                    new Api.Self("1", "host", 1, Instant.EPOCH))
            .routes();

    @Test
    void describesEveryRoute() throws Exception {
        JsonNode paths = document("127.0.0.1").get("paths");
        for (Route route : routes) {
            JsonNode operation = paths.get(route.path()).get(route.method().toLowerCase(Locale.ROOT));
            assertThat(operation.get("summary").asText()).isEqualTo(route.summary());
            assertThat(operation.has("security")).isEqualTo(route.access() != Gate.Access.READ);
        }
        assertThat(paths.has("/api/events")).isTrue();
    }

    @Test
    void saysThatEverythingNeedsATokenWhereItIsNotOnTheLoopback() throws Exception {
        JsonNode paths = document("192.0.2.1").get("paths");
        assertThat(paths.get("/api/apps").get("get").has("security")).isTrue();
        assertThat(paths.get("/api/events").get("get").has("security")).isTrue();
    }

    @Test
    void describesRecordsAsTheyAreWritten() throws Exception {
        JsonNode schemas = document("127.0.0.1").get("components").get("schemas");
        JsonNode app = schemas.get("AppStatus");
        assertThat(words(app.get("required")))
                .contains("name", "failing_notifiers")
                .doesNotContain("current");
        assertThat(app.at("/properties/state/enum"))
                .extracting(JsonNode::asText)
                .contains("watching", "degraded");
        assertThat(app.at("/properties/current/$ref").asText()).isEqualTo("#/components/schemas/DeployedRelease");
        assertThat(schemas.at("/Status/properties/started/format").asText()).isEqualTo("date-time");
        assertThat(schemas.at("/Container/properties").has("restarts")).isTrue();
        assertThat(schemas.at("/Container/properties").has("replica")).isFalse();
    }

    @Test
    void leadsNowhereThatIsNotThere() throws Exception {
        JsonNode document = document("127.0.0.1");
        assertThat(document.findValuesAsText("$ref"))
                .isNotEmpty()
                .allMatch(reference -> !document.at(reference.substring(1)).isMissingNode());
    }

    @Test
    void isTheTableOfTheDocumentation() throws Exception {
        String text = Files.readString(TABLE);
        assertThat(text.substring(text.indexOf("| method |"))).startsWith(table());
    }

    private String table() {
        StringBuilder table =
                new StringBuilder("| method | path | is | takes | needs a token |\n|---|---|---|---|---|\n");
        routes.forEach(route -> table.append("| " + route.method() + " | `" + route.path() + "` | " + route.summary()
                + " | "
                + route.takes().stream()
                        .map(each -> "`" + each.name() + "`: " + each.help())
                        .collect(Collectors.joining("; "))
                + " | " + (route.access() == Gate.Access.READ ? "" : "yes") + " |\n"));
        return table.toString();
    }

    private static List<String> words(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    private JsonNode document(String address) throws Exception {
        Settings settings = new Settings(
                Path.of("home"), InetAddress.getByName(address), 1, Path.of("tokens"), Optional.empty(), List.of());
        Answer answer = OpenApi.route(routes, settings)
                .handler()
                .answer(new Route.Asked(Caller.stranger("127.0.0.1:1"), Map.of(), Map.of()));
        return new JsonMapper().readTree(new String(answer.content(), StandardCharsets.UTF_8));
    }
}
