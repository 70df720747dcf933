package dewy.shell.command;

/**
 * An option of a command.
 *
 * @param name its name with two dashes
 * @param letter its short name with a dash; empty when it has none
 * @param value what its value is called; empty when it takes none
 * @param summary what it means, for its help
 */
record Option(String name, String letter, String value, String summary) {
    static Option flag(String name, String letter, String summary) {
        return new Option(name, letter, "", summary);
    }

    boolean isCalled(String given) {
        return given.equals(name) || (!letter.isEmpty() && given.equals(letter));
    }

    /** Returns how it is written, for its help. */
    String usage() {
        return ((letter.isEmpty() ? "" : letter + ", ") + name + " " + value).strip();
    }
}
