package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.ColorScheme;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A browser that looks at the dashboard as a person does, one page after the other. What a page complains of, what its policy
 * forbids, and whatever it asks of anybody else, is noted. Used by one thread.
 */
final class Chromium implements AutoCloseable {
    /** How long something is waited for on a page. */
    static final int PATIENCE_MILLIS = 60_000;

    private static final int WIDTH = 1280;
    private static final int HEIGHT = 900;
    private static final int PHONE_WIDTH = 360;
    private static final String WATCH =
            """
            addEventListener("securitypolicyviolation", (e) => console.error(`forbidden: ${e.violatedDirective} ${e.blockedURI}`));
            window.shifts = 0;
            new PerformanceObserver((list) => list.getEntries().filter((e) => !e.hadRecentInput)
                .forEach((e) => (window.shifts += e.value))).observe({ type: "layout-shift", buffered: true });
            """;

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new ArrayList<>();
    private final List<String> unanswered = new ArrayList<>();

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Starts the browser that is installed; ends the test where there is none. */
    static Chromium start() {
        Path program = ServerProgram.require("chromium");
        Path driver =
                Objects.requireNonNull(ServerProgram.require("playwright/node").getParent());
        System.setProperty("playwright.cli.dir", driver.toString());
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run")));
        return new Chromium(playwright, browser);
    }

    /** Opens a page on a screen. */
    Page open(String url) {
        return open(url, ColorScheme.LIGHT, false, Optional.empty());
    }

    /**
     * Opens a page on a screen or a phone.
     *
     * @param time at which the clock of the page stands still, from the first on; empty for one that goes
     */
    Page open(String url, ColorScheme colours, boolean isPhone, Optional<Instant> time) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setColorScheme(colours)
                .setTimezoneId("UTC")
                .setViewportSize(isPhone ? PHONE_WIDTH : WIDTH, HEIGHT));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        context.addInitScript(WATCH);
        Page page = context.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            // That an answer was a refusal, or that nobody answers, is told there too.
            if ("error".equals(message.type()) && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        page.onRequestFailed(request -> unanswered.add(request.url() + ": " + request.failure()));
        page.onResponse(response -> {
            if (!response.ok()) {
                unanswered.add(response.url() + ": " + response.status());
            }
        });
        page.onRequest(request -> {
            if (!request.url().startsWith(url) && !request.url().startsWith("blob:")) {
                complaints.add("it asks for " + request.url());
            }
        });
        time.ifPresent(still -> page.clock().setFixedTime(Date.from(still)));
        load(page, () -> page.navigate(url));
        return page;
    }

    /** Loads a page anew. */
    void reload(Page page) {
        load(page, page::reload);
    }

    /** Returns once it is drawn. */
    private void load(Page page, Runnable load) {
        unanswered.clear();
        load.run();
        try {
            page.locator("#pages a").first().waitFor();
        } catch (TimeoutError e) {
            // It gives up what is asked for when the host gets or loses a network, as tests of containers have it do.
            assertThat(unanswered).as(page.content()).anyMatch(what -> what.endsWith("ERR_NETWORK_CHANGED"));
            page.reload();
            page.locator("#pages a").first().waitFor();
        }
    }

    /** Asserts that none of the pages complained. */
    void nothingIsWrong() {
        assertThat(complaints).isEmpty();
    }

    /** Asserts that nothing of a page is wider than it. */
    static void fits(Page page) {
        Object wide = page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)");
        assertThat(wide).as("too wide").isEqualTo(0);
    }

    /** Asserts that axe finds nothing serious or critical for people who see, hear or move otherwise. */
    static void isAccessible(Page page) throws IOException {
        try (InputStream axe = Chromium.class.getResourceAsStream("/axe.min.js")) {
            page.evaluate(new String(Objects.requireNonNull(axe).readAllBytes(), StandardCharsets.UTF_8));
        }
        Object found = page.evaluate(
                """
                async () => (await axe.run(document)).violations
                    .filter(({ impact }) => ["serious", "critical"].includes(impact))
                    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`))
                """);
        assertThat((List<?>) found).as(page.url()).isEmpty();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
