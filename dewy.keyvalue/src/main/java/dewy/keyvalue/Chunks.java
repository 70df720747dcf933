package dewy.keyvalue;

import dewy.api.DewyException;
import java.util.Optional;

/** The parts of one blob, counted from 0. */
@FunctionalInterface
public interface Chunks {
    /** Returns a chunk; empty when it is not there any more. */
    Optional<byte[]> read(long number) throws DewyException;
}
