package dewy.api.process;

import dewy.api.DewyException;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Finds what an earlier agent of this host left running when it was killed, or left on purpose. Safe for use by several
 * threads.
 */
@ProviderType
public interface Survivors {
    /**
     * Takes charge of what is left. Processes that have ended meanwhile, or whose number belongs to somebody else by now,
     * are not among what is returned. A listening socket is taken from the service manager that kept it, or from a
     * process that has it, or else opened anew beside that one ({@link ListeningSocket#isSubstitute}); where nothing
     * has it any more, it is not among what is returned either.
     *
     * @param references what {@link Inheritable#reference} returned, by name; those of another kind are left out
     * @return what was found, by the same names; the caller closes the sockets
     * @throws dewy.api.InvalidException if a socket is still in use, and can be had in no way
     */
    Map<String, Inheritable> find(Map<String, String> references) throws DewyException;
}
