package dewy.launcher.log;

/** A way to write a record as one line. */
interface RecordFormat {
    void begin(StringBuilder line);

    void field(StringBuilder line, String key, String value);

    void end(StringBuilder line);
}
