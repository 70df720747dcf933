/**
 * Listening sockets and child processes by way of the C library, for what Java cannot do itself: hand a descriptor over
 * to a child, and signal a process group. Nothing native is loaded before the first socket or process is asked for.
 *
 * <p>The story of a socket is told by {@code TcpListener} and {@code UnixListener}, that of a process by {@code Spawner}
 * and {@code Child}.
 */
@NullMarked
package dewy.posix;

import org.jspecify.annotations.NullMarked;
