package dewy.itest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard of a real agent, in a real browser. */
@Timeout(240)
class DashboardIT {
    private static final String MARKUP = "<img src=x onerror=hacked=1>";
    private static final int MOST_BYTES = 100 << 10;

    /** How much the page itself has of bytes, without what it asks of the agent. */
    private static final String LOADED =
            """
            [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
                .filter(({ name }) => !name.includes("/api/")).reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)
            """;

    private static final double MOST_SHIFTS = 0.05;

    private static Chromium chromium;

    @TempDir
    Path folder;

    private Registry registry;
    private int port;
    private int adminPort;
    private String token = "";
    private String url = "";
    private AgentProcess agent;

    @BeforeAll
    static void openBrowser() {
        Tools.require("python3");
        chromium = Chromium.start();
        PlaywrightAssertions.setDefaultAssertionTimeout(Chromium.PATIENCE_MILLIS);
    }

    @AfterAll
    static void closeBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void startAgent() throws Exception {
        registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        port = Ports.free();
        adminPort = Ports.free();
        startAgain();
    }

    @AfterEach
    void nothingWasWrong() throws Exception {
        agent.close();
        chromium.nothingIsWrong();
    }

    @Test
    void showsAnUpgradeAsItHappens() throws Exception {
        Page page = chromium.open(url);
        assertThat(serving(page)).containsText("v1.0.0");
        assertThat(page.locator("#now")).containsText("Nothing is wrong with 1 app");
        assertThat(page.locator("#lines")).containsText("Deployment completed");
        page.evaluate("shifts = 0");

        registry.publishServer("v1.1.0");
        assertThat(page.locator("#notices")).containsText("Deployment completed: v1.1.0");
        assertThat(serving(page)).containsText("v1.1.0");
        Locator deployment = row(page, "Deployments", "v1.1.0");
        assertThat(deployment).containsText("deployed");
        assertThat(deployment).containsText("after v1.0.0");
        assertThat(backend(page, "v1.1.0")).containsText("healthy");
        assertThat((Number) page.evaluate("shifts"))
                .extracting(Number::doubleValue)
                .matches(much -> much < MOST_SHIFTS);

        chromium.reload(page);
        assertThat(serving(page)).containsText("v1.1.0");
        assertThat((Integer) page.evaluate(LOADED)).isBetween(MOST_BYTES / 4, MOST_BYTES);
    }

    @Test
    void tellsWhyAVersionFailedAndGoesBackToAnother() throws Exception {
        agent.await("Deployment completed");
        registry.publishServer("v1.1.0");
        agent.await("Deployment completed");
        Page page = chromium.open(url);
        registry.publishScript("v2.0.0", "#!/bin/sh\necho '" + MARKUP + "' >&2\nexit 3\n");

        Locator trouble = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Trouble of app"));
        assertThat(trouble).containsText("v2.0.0 is no good");
        assertThat(trouble).containsText("exited with code 3");
        assertThat(trouble).containsText("v1.1.0 serves");
        trouble.getByRole(AriaRole.LINK).filter(named("Evidence")).click();
        press(page.locator("main"), "Give a token");
        give(page, token);
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .containsText("app v2.0.0");
        assertThat(page.locator("main")).containsText(MARKUP);
        assertThat(page.locator("main")).containsText(registry.url());

        page.locator("main")
                .getByRole(AriaRole.LINK)
                .filter(named("To the app"))
                .click();
        press(page.locator("main .title"), "Roll back");
        Locator dialog = page.locator("dialog");
        assertThat(dialog).containsText("v1.1.0 serves until the other is ready");
        dialog.locator("select").selectOption("v1.0.0");
        press(dialog, "Roll back");
        assertThat(serving(page)).containsText("Stays atv1.0.0");
        assertThat(page.locator("main .title")).containsText("Unpin");
        page.locator("#pages").getByText("Audit").click();
        assertThat(row(page, "Who changed what", "rollback").first()).containsText("admin");
        assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
    }

    @Test
    void canBeUsedByKeyboardAlone() throws Exception {
        Page page = chromium.open(url);
        assertThat(serving(page)).containsText("v1.0.0");
        reach(page, "Pause…");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog")).containsText("It looks for no new releases until it is resumed");
        assertThat(focused(page)).hasText("Leave it as it is");
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog")).isHidden();
        assertThat(focused(page)).hasText("Pause…");

        page.keyboard().press("Enter");
        reach(page, "Pause");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog")).containsText("admin-tokens");
        page.keyboard().type("not-the-token-of-anybody");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog")).containsText("It is not accepted");
        page.keyboard().type(token);
        page.keyboard().press("Enter");
        assertThat(page.locator("main .title")).containsText("paused");
        reach(page, "Resume…");
        assertThat(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
    }

    @Test
    void saysThatTheAgentIsGoneAndGoesOnWhenItIsBack() throws Exception {
        Page page = chromium.open(url);
        assertThat(serving(page)).containsText("v1.0.0");
        agent.signal("KILL");
        agent.exitCode();
        assertThat(page.locator("#now")).containsText("What it deployed serves on");
        assertThat(serving(page)).containsText("v1.0.0");
        startAgain();
        assertThat(page.locator("#link")).containsText("live");
        registry.publishServer("v1.1.0");
        assertThat(serving(page)).containsText("v1.1.0");
    }

    private void startAgain() throws IOException, InterruptedException {
        Path app = Files.createDirectories(folder.resolve(MARKUP));
        String[] arguments = AgentProcess.arguments(
                "server",
                registry.url(),
                app,
                "--name",
                "app",
                "--proxy",
                "builtin",
                "-p",
                "127.0.0.1:" + port,
                "--ready-time",
                "100ms",
                "--admin-port",
                Integer.toString(adminPort),
                "--",
                "current/app");
        agent = AgentProcess.start(folder, List.of("-Xmx96m"), arguments);
        Map<String, String> listens = agent.await("Admin API listens");
        url = listens.getOrDefault("url", "");
        token = Files.readString(Path.of(listens.getOrDefault("tokens", "")))
                .strip()
                .replaceFirst("^admin:", "");
    }

    private static Locator serving(Page page) {
        return page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Serving"));
    }

    private static Locator backend(Page page, String version) {
        return row(page, "Backends", version).filter(new Locator.FilterOptions().setHasText("healthy"));
    }

    private static Locator row(Page page, String panel, String text) {
        return page.getByRole(
                        AriaRole.REGION,
                        new Page.GetByRoleOptions().setName(panel).setExact(true))
                .getByRole(AriaRole.ROW)
                .filter(named(text));
    }

    private static Locator.FilterOptions named(String text) {
        return new Locator.FilterOptions().setHasText(text);
    }

    private static void press(Locator where, String button) {
        where.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(Pattern.compile("^" + button)))
                .first()
                .click();
    }

    private static void give(Page page, String token) {
        page.locator("dialog input").fill(token);
        press(page.locator("dialog"), "Use it");
    }

    private static Locator focused(Page page) {
        return page.locator(":focus");
    }

    /** Goes on by the key Tab until a button has the focus. */
    private static void reach(Page page, String button) {
        for (int tabs = 0; tabs < 40; tabs++) {
            if (button.equals(page.evaluate("document.activeElement.textContent"))) {
                return;
            }
            page.keyboard().press("Tab");
        }
        throw new AssertionError("Tab does not lead to " + button);
    }
}
