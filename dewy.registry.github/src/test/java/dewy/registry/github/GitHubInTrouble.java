package dewy.registry.github;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** GitHub as the contracts need it: with a token that must not be seen, and whatever can befall it. */
final class GitHubInTrouble implements AutoCloseable {
    static final String TOKEN = "ghp_this_must_not_be_seen";
    static final List<WrongUrl> WRONG_URLS = List.of(
            WrongUrl.of("github:"),
            WrongUrl.of("github://acme"),
            WrongUrl.of("github://user:" + TOKEN + "@acme/app"),
            WrongUrl.of("github://ac%20me/a/b?tokn=x&slot=y", "tokn", "slot"));

    final FakeGitHub github = new FakeGitHub();

    GitHubInTrouble() throws IOException {
        github.environment.put("GH_TOKEN", TOKEN);
    }

    /** Returns what can befall the API; {@code lying} is how its nonsense is found out. */
    static Map<Trouble, Class<? extends DewyException>> troubles(Class<? extends DewyException> lying) {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, UnreachableException.class,
                Trouble.STALLING, UnreachableException.class,
                Trouble.BREAKING_OFF, UnreachableException.class,
                Trouble.REFUSING, UnauthorizedException.class,
                Trouble.MISSING, NotFoundException.class,
                Trouble.LYING, lying);
    }

    void befall(Trouble trouble) throws IOException {
        switch (trouble) {
            case DOWN -> github.api.close();
            case HANGING -> github.api.answer(asked -> Answer.SILENCE);
            case STALLING -> github.tampering = answer -> answer.cutAt(1_000).hanging();
            case BREAKING_OFF -> github.tampering = answer -> answer.cutAt(1_000);
            case REFUSING -> github.api.answer(asked -> json(401, "Bad credentials " + TOKEN));
            case MISSING -> github.api.answer(asked -> json(404, "Not Found"));
            case LYING -> {
                github.api.answer(asked -> Answer.of(200, "<html>please log in</html>"));
                github.tampering = answer -> Answer.of(200, "another length");
            }
        }
    }

    void awaitHanging() throws InterruptedException {
        if (!HttpStandIn.within(github.api.hanging)) {
            throw new AssertionError("nothing was asked");
        }
    }

    long asked() {
        return (long) github.api.asked.size() + github.store.asked.size();
    }

    @Override
    public void close() throws IOException {
        github.close();
    }

    private static Answer json(int status, String message) {
        return Answer.of(status, "{\"message\":\"" + message + "\"}").with("Content-Type", "application/json");
    }
}
