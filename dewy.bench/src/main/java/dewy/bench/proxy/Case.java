package dewy.bench.proxy;

import java.util.Locale;

/**
 * What is asked of a proxy.
 *
 * @param mode what the proxy speaks
 * @param size the bytes of an answer's body
 * @param connections how many are open at a time
 * @param keepAlive whether they are kept, or made anew for each request
 */
record Case(Mode mode, int size, int connections, boolean keepAlive) {
    /** What a proxy speaks: what is asked is HTTP in any case. */
    enum Mode {
        HTTP,
        TCP,
        HTTPS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns a size as people write it, such as {@code 64k}. */
    static String written(int size) {
        return size >= 1 << 20 ? (size >> 20) + "m" : size >= 1 << 10 ? (size >> 10) + "k" : "" + size;
    }

    /** Reads what {@link #written} wrote. */
    static int size(String written) {
        int unit = written.endsWith("m") ? 20 : written.endsWith("k") ? 10 : 0;
        return Integer.parseInt(written.replaceAll("[mk]$", "")) << unit;
    }

    String path() {
        return "/" + written(size);
    }

    @Override
    public String toString() {
        return mode + ", " + written(size) + ", " + connections + (keepAlive ? ", kept" : ", one a request");
    }
}
