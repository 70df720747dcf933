package dewy.core.verify;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.IOException;

/** A public key that artifacts may be signed with. Safe for use by several threads. */
interface TrustedKey {
    /** Returns what its signatures are called behind the name of the artifact. */
    String suffix();

    /** Returns it as people are told of it: the scheme, and what tells it from other keys. */
    String name();

    /**
     * Requires that a signature is of this key, and of that artifact.
     *
     * @param signature the content of its file
     * @throws NotSignedException if it is not, and says why not
     */
    void require(Call call, String signature, SignedFile artifact)
            throws NotSignedException, DewyException, IOException;
}
