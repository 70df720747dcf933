package dewy.admin;

import dewy.api.DewyException;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Something that can be asked for.
 *
 * @param method {@code GET} or {@code POST}
 * @param path where, with names in braces for what may stand there: {@code /api/apps/{app}}
 * @param access who may
 * @param summary what it is, in a line
 * @param takes what it takes: parameters of the query, or fields of the body
 * @param result what it answers with
 * @param handler what is done
 */
record Route(
        String method,
        String path,
        Gate.Access access,
        String summary,
        List<Parameter> takes,
        Result result,
        Handler handler) {
    /** Answers requests. */
    @FunctionalInterface
    interface Handler {
        Answer answer(Asked asked) throws DewyException, Refusal, IOException;
    }

    /**
     * Something that may be said with a request.
     *
     * @param most the highest number that it may be; 0 where it is a text
     * @param help what it is
     */
    record Parameter(String name, int most, String help) {
        static Parameter text(String name, String help) {
            return new Parameter(name, 0, help);
        }

        private void check(String given) throws Refusal {
            if (most > 0 && (!given.matches("\\d{1,9}") || Integer.parseInt(given) > most)) {
                throw new Refusal(
                        HttpResponseStatus.BAD_REQUEST, name + " is \"" + given + "\": no number from 0 to " + most);
            }
        }
    }

    /**
     * What is answered when all is well.
     *
     * @param status with which status
     * @param type of what type: of a record as JSON, or of a page
     * @param view the record; {@code void} for what is no JSON
     * @param isMany whether it is a list of these
     */
    record Result(HttpResponseStatus status, String type, Class<?> view, boolean isMany) {
        static Result one(Class<?> view) {
            return new Result(HttpResponseStatus.OK, Answer.JSON, view, false);
        }

        static Result many(Class<?> view) {
            return new Result(HttpResponseStatus.OK, Answer.JSON, view, true);
        }

        static Result accepted(Class<?> view) {
            return new Result(HttpResponseStatus.ACCEPTED, Answer.JSON, view, false);
        }

        static Result page(String type) {
            return new Result(HttpResponseStatus.OK, type, void.class, false);
        }
    }

    /**
     * What was asked.
     *
     * @param caller by whom
     * @param names what stands in the place of the names of the path
     * @param parameters what was said, by name
     */
    record Asked(Caller caller, Map<String, String> names, Map<String, String> parameters) {
        String app() {
            return names.getOrDefault("app", "");
        }

        Optional<String> parameter(String name) {
            return Optional.ofNullable(parameters.get(name));
        }

        /** Returns a parameter that is a number. */
        Optional<Integer> number(String name) {
            return parameter(name).map(Integer::valueOf);
        }
    }

    boolean isChange() {
        return "POST".equals(method);
    }

    /** Returns what stands in the place of its names in a path, where that is its own. */
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> own = segments(path);
        if (own.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < own.size(); i++) {
            String segment = own.get(i);
            if (segment.startsWith("{") && !segments.get(i).isEmpty()) {
                names.put(segment.substring(1, segment.length() - 1), segments.get(i));
            } else if (!segment.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    /** Returns what stands between the slashes of a path. */
    static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /** Requires that what was said is what it takes. */
    void check(Map<String, String> parameters) throws Refusal {
        for (Map.Entry<String, String> given : parameters.entrySet()) {
            parameter(given.getKey()).check(given.getValue());
        }
    }

    /** Returns the parameter of that name; refuses what it does not take. */
    Parameter parameter(String name) throws Refusal {
        for (Parameter each : takes) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        String names = takes.stream().map(Parameter::name).collect(Collectors.joining(", "));
        throw new Refusal(
                HttpResponseStatus.BAD_REQUEST,
                method + " " + path + " takes no \"" + name + "\"" + (names.isEmpty() ? "" : ", only " + names));
    }
}
