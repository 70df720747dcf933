package dewy.proxy.control;

import dewy.proxy.traffic.AccessFormat;
import java.nio.file.Path;

/**
 * Where requests are recorded.
 *
 * @param format how each is written
 * @param file where
 * @param size the size in bytes from which the file begins anew
 */
public record Recording(AccessFormat format, Path file, long size) {}
