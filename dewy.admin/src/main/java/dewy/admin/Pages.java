package dewy.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The dashboard. */
final class Pages {
    /** What a page of ours may do: what it loads comes from here, and no other page may have it in itself. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final List<String> SCRIPTS = List.of(
            "agent.js",
            "answers.js",
            "app.js",
            "dewy.js",
            "dialogs.js",
            "log.js",
            "page.js",
            "pages.js",
            "verdict.js",
            "words.js");

    private Pages() {}

    static List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                page("/", "index.html", "text/html; charset=utf-8"),
                page("/dewy.css", "dewy.css", "text/css; charset=utf-8"),
                page("/dewy.svg", "dewy.svg", "image/svg+xml")));
        SCRIPTS.forEach(script -> routes.add(page("/" + script, script, "text/javascript; charset=utf-8")));
        return routes;
    }

    private static Route page(String path, String file, String type) {
        Route.Result result = Route.Result.page(type);
        return new Route("GET", path, Gate.Access.ANYBODY, "the dashboard", List.of(), result, asked -> {
            try (InputStream in = Pages.class.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IOException(file + " is not in the bundle");
                }
                return new Answer(HttpResponseStatus.OK, type, in.readAllBytes(), Map.of());
            }
        });
    }
}
