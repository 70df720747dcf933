package dewy.registry.github;

/** What proves who asks. Its text is seen by the server alone: it is neither shown nor compared. */
final class Token {
    private final String text;
    private final String source;

    /** Holds a token, and what to call it when people are told about it. */
    Token(String text, String source) {
        this.text = text;
        this.source = source;
    }

    String source() {
        return source;
    }

    /** Returns the value of the header {@code Authorization}. */
    String authorization() {
        return "Bearer " + text;
    }

    /** Returns a message without the token, should somebody have put it there. */
    String scrub(String message) {
        return message.replace(text, "***");
    }

    @Override
    public String toString() {
        return source;
    }
}
