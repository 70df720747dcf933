package dewy.core.verify;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.IOException;
import java.util.List;

/** A public key that artifacts may be signed with. Safe for use by several threads. */
interface TrustedKey {
    /** What was given as a public key is none; the message says why, as a clause. */
    final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String why) {
            super(why);
        }

        MalformedException(String why, Throwable cause) {
            super(why, cause);
        }
    }

    /** A signature is none of an artifact by a key; the message says why, as a clause. */
    final class NotSignedException extends Exception {
        private static final long serialVersionUID = 1L;

        NotSignedException(String why) {
            super(why);
        }

        NotSignedException(String why, Throwable cause) {
            super(why, cause);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

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
