/**
 * Stores: small shared values on which several hosts agree, and leases for what only one of them may do at a time.
 *
 * <p>What {@link Store} promises can be had in different ways. What each of them needs, and where it ends:
 *
 * <ul>
 *   <li><b>Redis</b>: each change is one Lua script (or WATCH and MULTI), which looks at the revision and the token and
 *       writes; in a cluster, all keys of a store share a hash tag. Revisions and tokens come from one counter, which is
 *       never behind the server's time in microseconds, so that none is given out twice when the last writes were lost. Time
 *       to live is PEXPIRE, or the server's time at which it is over, beside the value, which no policy of eviction takes for
 *       what it may throw away. All is asked of the one primary: replication is asynchronous, so a failover may forget what
 *       was written or granted last, and a crash may unless every write is forced to the disk ({@code appendfsync always}).
 *   <li><b>Consul</b>: revisions are {@code ModifyIndex}. A lease, and each value that expires, is held by a session of its
 *       own, without health checks and without lock-delay; a change is one transaction with {@code check-index} on the
 *       lease, whose index is its token, and {@code check-index}, {@code cas} and {@code delete-cas} on the key. Reads ask
 *       for {@code consistent}. Sessions last at least 10 s, and up to twice as long as they should, which delays expiry, as it may be. Indexes
 *       may go back when a snapshot is restored.
 *   <li><b>S3</b>: a conditional write covers one object, so what is written under a lease has to be in the same object as the
 *       lease: all values and leases of a store are one object, written with {@code If-Match}, and first with {@code
 *       If-None-Match: *}. It holds a counter, from which revisions and tokens come, so no two contents have one ETag. Time is
 *       that of the {@code Date} in answers, never that of the host. A write that is tried again by a client, as those of
 *       SDKs do by themselves, may find its own first attempt, which is no refusal.
 *   <li><b>A folder</b>: a lock of the file system, beside one in the JVM, is held for each change, which is complete by
 *       renaming; a counter in a file gives revisions and tokens. Time is that of the file server, such as that of a file
 *       that is touched. On a network file system, locks must reach the server, and what is read under the lock must not come
 *       from a cache.
 * </ul>
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
