package dewy.tck.load;

import java.util.Map;

/**
 * The header section of a message of HTTP/1.1.
 *
 * @param firstLine without the end of the line
 * @param fields by their names, in lower case
 */
record HttpHead(String firstLine, Map<String, String> fields) {
    /** Returns what the second word of the first line is: the path of a request, the status of a response. */
    String subject() {
        return firstLine.split(" ", 3)[1];
    }

    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    boolean isUpgrade() {
        return fields.containsKey("upgrade");
    }

    boolean isChunked() {
        return field("transfer-encoding").equalsIgnoreCase("chunked");
    }

    long length() {
        return Long.parseLong(fields.getOrDefault("content-length", "0"));
    }

    /** Returns whether the connection is closed after the message. */
    boolean isLast() {
        return field("connection").equalsIgnoreCase("close");
    }
}
