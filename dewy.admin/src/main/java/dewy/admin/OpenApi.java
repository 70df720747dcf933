package dewy.admin;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dewy.api.event.Event;
import dewy.api.proxy.Latency;
import dewy.view.Words;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The description of the API (OpenAPI 3.1), made of its routes and of the records that they answer with, so that it says what is
 * so.
 */
final class OpenApi {
    private static final Pattern NAME = Pattern.compile("\\{(\\w+)\\}");
    private static final String REFERENCE = "$ref";

    private final Map<String, Object> schemas = new TreeMap<>();

    private OpenApi() {}

    /** Returns the route that describes others. */
    static Route route(List<Route> others, Settings settings) {
        Map<String, Object> document = new OpenApi().document(List.copyOf(others), settings);
        return new Route(
                "GET",
                "/api/openapi.json",
                Gate.Access.ANYBODY,
                "this description",
                List.of(),
                Route.Result.page(Answer.JSON),
                asked -> Answer.of(document));
    }

    private Map<String, Object> document(List<Route> routes, Settings settings) {
        Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
        for (Route route : routes) {
            paths.computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
                    .put(route.method().toLowerCase(Locale.ROOT), operation(route, settings));
        }
        paths.put(Session.EVENTS, Map.of("get", events(settings)));
        schemas.put("Failure", failure());
        return ordered(
                "openapi",
                "3.1.0",
                "info",
                ordered("title", "Dewy", "version", "1", "description", "What the agent does, and has done"),
                "paths",
                paths,
                "components",
                ordered(
                        "schemas",
                        schemas,
                        "securitySchemes",
                        ordered("token", ordered("type", "http", "scheme", "bearer"))));
    }

    private Map<String, Object> operation(Route route, Settings settings) {
        Map<String, Object> operation = ordered("summary", route.summary(), "operationId", id(route));
        List<Object> parameters = new ArrayList<>();
        for (Matcher name = NAME.matcher(route.path()); name.find(); ) {
            parameters.add(parameter("path", name.group(1), schema(String.class), true, ""));
        }
        if (route.isChange()) {
            if (!route.takes().isEmpty()) {
                operation.put("requestBody", body(route));
            }
        } else {
            route.takes()
                    .forEach(each -> parameters.add(parameter("query", each.name(), schema(each), false, each.help())));
        }
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        Object content = route.result().view() == void.class
                ? Map.of()
                : ordered("schema", many(route.result(), schema(route.result().view())));
        operation.put(
                "responses",
                responses(route.result().status().code(), route.result().type().replaceFirst(";.*", ""), content));
        return secured(operation, route.access(), settings);
    }

    private Map<String, Object> events(Settings settings) {
        Map<String, Object> number = ordered("type", "integer", "minimum", 0, "maximum", 999_999_999_999_999_999L);
        Map<String, Object> operation = ordered(
                "summary",
                "the events as they come, as server-sent events; data is an Event, or of the event gap what was missed",
                "operationId",
                "get_events",
                "parameters",
                List.of(
                        parameter("query", "from", number, false, "number of the first event (default: the next one)"),
                        parameter("query", "app", schema(String.class), false, "of this app only"),
                        parameter("header", "Last-Event-ID", number, false, "number of the last one that was seen")),
                "responses",
                responses(200, "text/event-stream", ordered("schema", ordered("type", "string"))));
        schema(Event.class);
        return secured(operation, Gate.Access.READ, settings);
    }

    private static Map<String, Object> secured(Map<String, Object> operation, Gate.Access access, Settings settings) {
        boolean needsToken = access == Gate.Access.CHANGE
                || access == Gate.Access.PRIVATE
                || (access == Gate.Access.READ && !settings.isLoopback());
        if (needsToken) {
            operation.put("security", List.of(ordered("token", List.of())));
        }
        return operation;
    }

    private Map<String, Object> body(Route route) {
        Map<String, Object> fields = new LinkedHashMap<>();
        route.takes().forEach(each -> {
            Map<String, Object> field = new LinkedHashMap<>(schema(each));
            field.put("description", each.help());
            fields.put(each.name(), field);
        });
        Map<String, Object> object = ordered("type", "object", "properties", fields, "additionalProperties", false);
        return ordered("required", false, "content", ordered(Answer.JSON, ordered("schema", object)));
    }

    private static Map<String, Object> responses(int status, String type, Object content) {
        Map<String, Object> failed = ordered(
                "description",
                "it was not done; error says why, and what to do",
                "content",
                ordered(Answer.JSON, ordered("schema", ordered(REFERENCE, "#/components/schemas/Failure"))));
        Map<String, Object> responses = ordered(
                Integer.toString(status), ordered("description", "as asked", "content", ordered(type, content)));
        Stream.of(400, 401, 403, 404, 405, 409, 413, 415, 421, 500, 503)
                .forEach(code -> responses.put(Integer.toString(code), failed));
        return responses;
    }

    private static Map<String, Object> failure() {
        return ordered(
                "type", "object",
                "properties", ordered("status", ordered("type", "integer"), "error", ordered("type", "string")),
                "required", List.of("status", "error"));
    }

    private static Map<String, Object> parameter(
            String in, String name, Map<String, Object> schema, boolean isRequired, String help) {
        Map<String, Object> parameter = ordered("in", in, "name", name, "required", isRequired, "schema", schema);
        if (!help.isEmpty()) {
            parameter.put("description", help);
        }
        return parameter;
    }

    private static Map<String, Object> schema(Route.Parameter parameter) {
        return parameter.most() == 0
                ? ordered("type", "string")
                : ordered("type", "integer", "minimum", 0, "maximum", parameter.most());
    }

    private static Object many(Route.Result result, Map<String, Object> schema) {
        return result.isMany() ? ordered("type", "array", "items", schema) : schema;
    }

    /** Returns how a type is written as JSON, as {@link dewy.view.Json} writes it. */
    private Map<String, Object> schema(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            Class<?> raw = (Class<?>) generic.getRawType();
            if (raw == Optional.class) {
                return schema(arguments[0]);
            }
            return Map.class.isAssignableFrom(raw)
                    ? ordered("type", "object", "additionalProperties", schema(arguments[1]))
                    : ordered("type", "array", "items", schema(arguments[0]));
        }
        Class<?> simple = (Class<?>) type;
        if (simple == Latency.class) {
            return latency();
        }
        if (simple.isRecord()) {
            String name = simple.getSimpleName();
            if (!schemas.containsKey(name)) {
                schemas.put(name, Map.of()); // It may have itself within.
                schemas.put(name, object(simple));
            }
            return ordered(REFERENCE, "#/components/schemas/" + name);
        }
        if (simple.isEnum()) {
            return ordered(
                    "type",
                    "string",
                    "enum",
                    Stream.of(simple.getEnumConstants())
                            .map(constant -> Words.of((Enum<?>) constant))
                            .toList());
        }
        return plain(simple);
    }

    private static Map<String, Object> latency() {
        Map<String, Object> seconds = ordered("type", "number", "description", "seconds");
        Map<String, Object> fields = ordered("count", ordered("type", "integer"), "p50", seconds, "p99", seconds);
        return ordered("type", "object", "properties", fields, "required", List.of("count"));
    }

    private Map<String, Object> object(Class<?> type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.isAnnotationPresent(JsonUnwrapped.class)
                    || component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
                Map<String, Object> within = object(component.getType());
                properties.putAll(map(Objects.requireNonNull(within.get("properties"))));
                required.addAll(list(Objects.requireNonNull(within.get("required"))));
                continue;
            }
            String name =
                    component.getName().replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
            properties.put(name, schema(component.getGenericType()));
            if (!component.getType().getSimpleName().startsWith("Optional")) {
                required.add(name);
            }
        }
        return ordered("type", "object", "properties", properties, "required", required);
    }

    private static Map<String, Object> plain(Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return ordered("type", "boolean");
        }
        if (type == Duration.class) {
            return ordered("type", "number", "description", "seconds");
        }
        if (type == double.class || type == Double.class || type == OptionalDouble.class) {
            return ordered("type", "number");
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type) || type == OptionalLong.class) {
            return ordered("type", "integer");
        }
        if (type == Instant.class) {
            return ordered("type", "string", "format", "date-time");
        }
        if (type == String.class || type == Path.class) {
            return ordered("type", "string");
        }
        return new LinkedHashMap<>(); // Anything.
    }

    private static String id(Route route) {
        return (route.method() + route.path())
                .replaceAll("\\W+", "_")
                .replaceAll("_$", "")
                .toLowerCase(Locale.ROOT);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<String> list(Object value) {
        return (List<String>) value;
    }

    private static Map<String, Object> ordered(Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], entries[i + 1]);
        }
        return map;
    }
}
