package dewy.store;

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
import java.util.function.LongSupplier;

/** Shared values in one text. Safe for use by several threads. */
public final class TextStore implements Store {
    private final SharedText text;
    private final LongSupplier nanoTime;
    private final Lifetime lifetime = new Lifetime();

    /**
     * Makes a store.
     *
     * @param nanoTime by what leases end for their holders, as {@link System#nanoTime}
     */
    public TextStore(SharedText text, LongSupplier nanoTime) {
        this.text = text;
        this.nanoTime = nanoTime;
    }

    @Override
    public Optional<Entry> read(Call call, String key) throws DewyException {
        return text.read(lifetime.bind(call)).entry(key);
    }

    @Override
    public List<Entry> list(Call call, String prefix) throws DewyException {
        return text.read(lifetime.bind(call)).list(prefix);
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
        return change(call, Optional.empty(), content -> content.acquire(claim))
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

    /**
     * Makes a change, if there is something to change.
     *
     * @throws LostLeaseException if it is to be done under a lease that is not held
     */
    private <T> Optional<T> change(Call call, Optional<Lease> under, SharedText.Change<T> change) throws DewyException {
        Call mine = lifetime.bind(call);
        mine.check();
        if (under.isEmpty()) {
            return text.change(mine, change);
        }
        Lease lease = under.get();
        lease.check();
        return text.change(mine, content -> {
            lease.check();
            if (!content.isHeld(lease)) {
                throw lease.lose("the store has granted it anew, or ended it");
            }
            return change.make(content);
        });
    }
}
