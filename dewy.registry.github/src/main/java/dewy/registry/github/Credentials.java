package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import java.util.Optional;

/** Who asks. Safe for use by several threads. */
interface Credentials {
    /** Fetches the token to ask with; empty when nothing is configured. */
    Optional<Token> token(Call call) throws DewyException;

    /** Is told that GitHub refused a token, so that one which was kept is not used again. */
    void refused(Token token);
}
