/**
 * Listening sockets and child processes by way of the C library, for what Java cannot do itself: hand a descriptor over
 * to a child, and signal a process group. Nothing native is loaded before the first socket or process is asked for.
 *
 * <p>It is offered as services, by the classes whose names begin with {@code Posix}. Behind them
 *
 * <ul>
 *   <li>a socket is told of by {@code TcpListener} and {@code UnixListener}, and is an {@code OpenSocket} then, of which each
 *       child has a {@code Lease};
 *   <li>a process by {@code Spawner} and {@code Child}; what would keep it from starting is found by {@code Program} before;
 *   <li>what a killed agent left by {@code Takeover}: processes by a {@code ProcessReference}, each an {@code Orphan}, and
 *       sockets by a {@code SocketReference}, each in a {@code TakeoverWay};
 *   <li>what servers tell of themselves by {@code NotifyReceiver}, and what is told to the service manager by {@code
 *       Notification};
 *   <li>signals that Java does not hand on by {@code JvmSignals}.
 * </ul>
 *
 * <p>All of them stand on {@code CLibrary}, which is there once {@code NativeCode} has been loaded; what it refuses is a {@code
 * SystemCallException}.
 */
@NullMarked
package dewy.posix;

import org.jspecify.annotations.NullMarked;
