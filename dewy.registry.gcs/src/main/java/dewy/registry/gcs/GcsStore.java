package dewy.registry.gcs;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.plugin.Lifetime;
import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.LostLeaseException;
import dewy.api.store.Store;
import dewy.api.store.Write;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Shared values in one object, since GCS writes nothing on the condition of another one. A change reads it, and writes it if
 * it is still the same; otherwise it begins anew, with what another one wrote.
 */
final class GcsStore implements Store {
    private final SharedObject object;
    private final LongSupplier nanoTime;
    private final Lifetime lifetime = new Lifetime();

    GcsStore(SharedObject object, LongSupplier nanoTime) {
        this.object = object;
        this.nanoTime = nanoTime;
    }

    @Override
    public Optional<Entry> read(Call call, String key) throws DewyException {
        return content(lifetime.bind(call)).entry(key);
    }

    @Override
    public List<Entry> list(Call call, String prefix) throws DewyException {
        return content(lifetime.bind(call)).list(prefix);
    }

    @Override
    public Optional<Entry> compareAndSet(Call call, Write write) throws DewyException {
        return change(call, write.lease(), content -> content.set(write));
    }

    @Override
    public boolean compareAndDelete(Call call, Delete delete) throws DewyException {
        return change(call, delete.lease(), content -> content.delete(delete) ? Optional.of(delete) : Optional.empty())
                .isPresent();
    }

    @Override
    public Optional<Lease> acquire(Call call, Claim claim) throws DewyException {
        long asked = nanoTime.getAsLong();
        return change(call, Optional.empty(), content -> boxed(content.acquire(claim)))
                .map(token -> Lease.granted(claim, token, asked, nanoTime));
    }

    @Override
    public void renew(Call call, Lease lease) throws DewyException {
        long asked = nanoTime.getAsLong();
        change(call, Optional.of(lease), content -> {
            content.renew(lease);
            return Optional.of(lease);
        });
        lease.renewed(asked);
    }

    @Override
    public void release(Call call, Lease lease) throws DewyException {
        lifetime.bind(call).check();
        lease.released();
        change(call, Optional.empty(), content -> {
            if (!content.isHeld(lease)) {
                return Optional.empty();
            }
            content.release(lease);
            return Optional.of(lease);
        });
    }

    @Override
    public void close() {
        lifetime.close();
    }

    private StoreContent content(Call call) throws DewyException {
        return StoreContent.of(object.read(call), object.bucket().location());
    }

    /**
     * Changes the content, if there is something to change.
     *
     * @param change returns what it did; empty if it did nothing
     * @throws LostLeaseException if it is to be done under a lease that is not held
     */
    private <T> Optional<T> change(Call call, Optional<Lease> under, Function<StoreContent, Optional<T>> change)
            throws DewyException {
        Call mine = lifetime.bind(call);
        while (true) {
            mine.check();
            if (under.isPresent()) {
                under.get().check();
            }
            Bucket.Held before = object.read(mine);
            StoreContent content = StoreContent.of(before, object.bucket().location());
            if (under.isPresent() && !content.isHeld(under.get())) {
                throw under.get().lose("the store has granted it anew, or ended it");
            }
            Optional<T> done = change.apply(content);
            if (done.isEmpty() || object.replace(mine, before, content.text())) {
                return done;
            }
        }
    }

    private static Optional<Long> boxed(OptionalLong number) {
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }
}
