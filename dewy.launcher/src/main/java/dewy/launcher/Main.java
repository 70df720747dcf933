package dewy.launcher;

/** Entry. */
final class Main {
    private Main() {}
}
