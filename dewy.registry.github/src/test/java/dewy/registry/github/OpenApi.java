package dewy.registry.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.oas.OpenApi30;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GitHub's published description of the operations that Dewy uses; see src/test/openapi/extract. */
final class OpenApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaValidatorsConfig STRICT =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    private static final String ANY_BYTES = "application/octet-stream";

    /** An operation, and the values that a request gives to the parameters of its path. */
    record Found(String name, JsonNode operation, Map<String, String> path) {}

    private final JsonNode document;
    private final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V7, builder -> builder.metaSchema(OpenApi30.getInstance())
                    .defaultMetaSchemaIri(OpenApi30.getInstance().getIri()));

    private OpenApi(JsonNode document) {
        this.document = document;
    }

    static OpenApi read() throws IOException {
        try (InputStream in = OpenApi.class.getResourceAsStream("/github-openapi.json")) {
            return new OpenApi(JSON.readTree(in));
        }
    }

    /** Returns all operations as {@code GET /path/{parameter}}. */
    List<String> operations() {
        List<String> names = new ArrayList<>();
        document.get("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> names.add(name(method, path.getKey()))));
        return names;
    }

    /** Returns the operation that a request is for. */
    Optional<Found> find(Asked asked) {
        String target = asked.target().replaceFirst("\\?.*", "");
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            JsonNode operation = path.getValue().get(asked.method().toLowerCase(Locale.ROOT));
            Optional<Map<String, String>> values = match(path.getKey(), target);
            if (operation != null && values.isPresent()) {
                return Optional.of(new Found(name(asked.method(), path.getKey()), operation, values.get()));
            }
        }
        return Optional.empty();
    }

    /** Returns what is wrong with a request and its answer; nothing if they are as described. */
    List<String> check(Asked asked, Answer answer) throws IOException {
        Optional<Found> found = find(asked);
        if (found.isEmpty()) {
            return List.of("no operation is described for " + asked.method() + " " + asked.target());
        }
        List<String> wrong = new ArrayList<>();
        checkParameters(wrong, found.get(), asked);
        checkRequestBody(wrong, found.get().operation(), asked);
        checkAnswer(wrong, found.get().operation(), asked, answer);
        return wrong.stream().map(text -> found.get().name() + ": " + text).toList();
    }

    private void checkParameters(List<String> wrong, Found found, Asked asked) {
        Map<String, String> query = query(asked.target());
        for (JsonNode listed : found.operation().get("parameters")) {
            JsonNode parameter = resolve(listed);
            String name = parameter.get("name").asText();
            boolean inPath = parameter.get("in").asText().equals("path");
            String value = inPath ? found.path().get(name) : query.remove(name);
            if (value != null) {
                checkValue(wrong, name, value, parameter.get("schema"));
            } else if (parameter.path("required").asBoolean()) {
                wrong.add(name + " is missing");
            }
        }
        query.keySet().forEach(name -> wrong.add("there is no parameter " + name));
    }

    private void checkValue(List<String> wrong, String name, String value, JsonNode schema) {
        boolean number = "integer".equals(schema.path("type").asText()) && value.matches("\\d{1,18}");
        JsonNode node = number ? LongNode.valueOf(Long.parseLong(value)) : TextNode.valueOf(value);
        validate(schema, node).forEach(message -> wrong.add(name + message));
    }

    /** An operation that takes bytes takes those of every type. */
    private void checkRequestBody(List<String> wrong, JsonNode operation, Asked asked) throws IOException {
        if (asked.body().isEmpty()) {
            return;
        }
        JsonNode content = operation.path("requestBody").path("content");
        JsonNode json = content.path(type(asked.header("Content-Type").orElse("")));
        if (!json.isMissingNode() && json.has("schema")) {
            validate(json.get("schema"), JSON.readTree(asked.body())).forEach(text -> wrong.add("body" + text));
        } else if (!content.has(ANY_BYTES) || asked.header("Content-Type").isEmpty()) {
            wrong.add("it takes no such body");
        }
    }

    private void checkAnswer(List<String> wrong, JsonNode operation, Asked asked, Answer answer) throws IOException {
        boolean unchanged =
                answer.status() == 304 && asked.header("If-None-Match").isPresent();
        JsonNode described = operation.get("responses").get(Integer.toString(answer.status()));
        if (unchanged) {
            return;
        }
        if (described == null) {
            wrong.add("status " + answer.status() + " is not described");
            return;
        }
        JsonNode content = resolve(described).path("content");
        if (content.isMissingNode() || answer.status() == 302) {
            return;
        }
        JsonNode media = content.get(type(answer.headers().getOrDefault("Content-Type", "")));
        if (media == null) {
            wrong.add("status " + answer.status() + " has not this type of content");
            return;
        }
        JsonNode body = JSON.readTree(answer.content().text());
        validate(media.get("schema"), body).forEach(text -> wrong.add("status " + answer.status() + text));
    }

    private List<String> validate(JsonNode schema, JsonNode value) {
        ObjectNode whole = JSON.createObjectNode();
        whole.putArray("allOf").add(schema);
        whole.set("components", document.get("components"));
        Set<ValidationMessage> messages = schemas.getSchema(whole, STRICT).validate(value);
        return messages.stream().map(message -> " " + message.getMessage()).toList();
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    private static Optional<Map<String, String>> match(String template, String target) {
        Pattern pattern = Pattern.compile(template.replaceAll("\\{[^}]*}", "([^/]+)"));
        Matcher values = pattern.matcher(target);
        if (!values.matches()) {
            return Optional.empty();
        }
        Map<String, String> found = new LinkedHashMap<>();
        Matcher names = Pattern.compile("\\{([^}]*)}").matcher(template);
        for (int group = 1; names.find(); group++) {
            found.put(names.group(1), decode(values.group(group)));
        }
        return Optional.of(found);
    }

    private static Map<String, String> query(String target) {
        Map<String, String> query = new LinkedHashMap<>();
        int question = target.indexOf('?');
        for (String pair : target.substring(question + 1).split("&", -1)) {
            if (question >= 0) {
                String[] both = pair.split("=", 2);
                query.put(decode(both[0]), both.length > 1 ? decode(both[1]) : "");
            }
        }
        return query;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String type(String header) {
        return header.replaceFirst(";.*", "").strip();
    }

    private static String name(String method, String path) {
        return method.toUpperCase(Locale.ROOT) + " " + path;
    }
}
