package dewy.itest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every page of the dashboard with much to show, on each kind of screen. With {@code -Dgolden.update=true} the pictures in
 * {@code docs} are made anew.
 */
@Timeout(240)
class DashboardPagesIT {
    private static final Instant NIGHT = Instant.parse("2026-03-14T02:14:00Z");
    private static final long MOST_BYTES = 150 << 10;
    private static final int PICTURE_HEIGHT = 780;

    private static Chromium chromium;
    private static DashboardStandIn agent;

    /** A screen that people have. */
    enum Screen {
        LIGHT(ColorScheme.LIGHT, false, "#/apps/web"),
        DARK(ColorScheme.DARK, false, ""),
        PHONE(ColorScheme.LIGHT, true, "#/apps/api");

        private final ColorScheme colours;
        private final boolean isPhone;
        private final String pictured;

        Screen(ColorScheme colours, boolean isPhone, String pictured) {
            this.colours = colours;
            this.isPhone = isPhone;
            this.pictured = pictured;
        }
    }

    @BeforeAll
    static void open() throws IOException {
        chromium = Chromium.start();
        PlaywrightAssertions.setDefaultAssertionTimeout(Chromium.PATIENCE_MILLIS);
        agent = DashboardStandIn.start();
    }

    @AfterAll
    static void close() {
        if (agent != null) {
            agent.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void canBeReadOn(Screen screen) throws IOException {
        Page page = chromium.open(agent.url(), screen.colours, screen.isPhone, Optional.of(NIGHT));
        for (Map.Entry<String, String> each : pages().entrySet()) {
            page.evaluate("to => { location.hash = to; }", each.getKey());
            assertThat(page.locator("main")).containsText(each.getValue());
            Chromium.fits(page);
            Chromium.isAccessible(page);
            if (each.getKey().equals(screen.pictured)) {
                picture(page, screen);
            }
        }
        chromium.nothingIsWrong();
    }

    /** Returns what is shown on each page once all is there. */
    private static Map<String, String> pages() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("", "Since 02:11:09 (2m ago)");
        pages.put("#/apps/web", "v2.4.0-rc.1");
        pages.put("#/apps/api", "its last line: config/database.yml");
        pages.put("#/apps/shop", "shop-4-2");
        pages.put("#/apps/docs", "No deployment yet.");
        pages.put("#/apps/nobody", "There is no such app");
        pages.put("#/operations", "rollback");
        pages.put("#/plugins", "it needs dewy.api.notifier 2.0");
        pages.put("#/audit", "maria (uid 1000)");
        pages.put("#/capsules/c7f3a1", "<script>alert(1)</script>");
        return pages;
    }

    private static void picture(Page page, Screen screen) throws IOException {
        byte[] picture =
                page.screenshot(new Page.ScreenshotOptions().setClip(0, 0, page.viewportSize().width, PICTURE_HEIGHT));
        assertThat((long) picture.length).isLessThan(MOST_BYTES);
        if (Boolean.getBoolean("golden.update")) {
            String name = "dashboard-" + screen.name().toLowerCase(java.util.Locale.ROOT) + ".png";
            Files.write(Path.of(System.getProperty("dewy.root"), "docs", name), picture);
        }
    }
}
