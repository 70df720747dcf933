package dewy.api;

/** Whose turn it is when something failed; each kind has its own exit code. */
public enum FailureKind {
    /** The person who configured the app. */
    CONFIGURATION(1),
    /** The network, or what is at its other end. */
    NETWORK(2),
    /** The file system of this host. */
    STORAGE(3),
    /** The application being deployed. */
    APPLICATION(4),
    /** Nobody's: it was cancelled, by a person or because its app was stopped. */
    CANCELLED(5);

    private final int exitCode;

    FailureKind(int exitCode) {
        this.exitCode = exitCode;
    }

    /** Returns the exit code of a command that ends with this kind of failure. */
    public int exitCode() {
        return exitCode;
    }
}
