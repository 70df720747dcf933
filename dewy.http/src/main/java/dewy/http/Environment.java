package dewy.http;

import java.util.Optional;

/** The environment variables, as they are when they are read. */
@FunctionalInterface
public interface Environment {
    /** Those of this process; one that is blank counts as not set. */
    Environment SYSTEM = name -> Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());

    Optional<String> variable(String name);
}
