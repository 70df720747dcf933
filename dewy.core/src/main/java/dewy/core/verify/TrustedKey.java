package dewy.core.verify;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.IOException;
import java.util.List;

/** A public key that artifacts may be signed with. Safe for use by several threads. */
interface TrustedKey {
    /** Returns how the names of its signatures end, behind the name of the artifact. */
    List<String> endings();

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
