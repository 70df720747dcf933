package dewy.bucket;

import dewy.api.plugin.Provider;
import dewy.api.store.Store;
import dewy.bucket.Relay.Answer;
import dewy.tck.StoreContract;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

public abstract class BucketStoreContractTest extends StoreContract implements BucketContract<Store> {
    private final BucketInTrouble remote;
    private final AtomicLong hosts = new AtomicLong();
    private final AtomicLong server = new AtomicLong();
    private volatile Optional<Duration> delay = Optional.empty();
    private final Provider<Store> provider;
    private final Provider<Store> otherProvider;

    protected BucketStoreContractTest(BucketInTrouble remote) {
        this.remote = remote;
        this.provider = remote.stores(this::nanoTime);
        this.otherProvider = remote.stores(this::nanoTime);
        remote.relay.tampering = this::dated;
    }

    private long nanoTime() {
        return System.nanoTime() + hosts.get();
    }

    @Override
    public BucketInTrouble remote() {
        return remote;
    }

    @Override
    public Provider<Store> provider() {
        return provider;
    }

    @Override
    public String url() {
        return remote.url("store") + "&max-size=10MB";
    }

    @Override
    protected Provider<Store> otherProvider() {
        return otherProvider;
    }

    @Override
    protected void advance(Duration time) {
        hosts.addAndGet(time.toNanos());
        server.addAndGet(time.toNanos());
    }

    @Override
    protected void oversleep(Duration time) {
        server.addAndGet(time.toNanos());
    }

    /** The answer is dated as it is made, and arrives later. */
    @Override
    protected void delay(Duration time) {
        delay = Optional.of(time);
    }

    /** What the service tells of its time has whole seconds, and is never behind by more than one. */
    @Override
    protected Duration lateness() {
        return Duration.ofSeconds(2);
    }

    private Answer dated(Relay.Asked asked, Answer answer) {
        ZonedDateTime then = ZonedDateTime.parse(answer.headers().get("date"), DateTimeFormatter.RFC_1123_DATE_TIME)
                .plusNanos(server.get());
        Optional<Duration> late = delay;
        delay = Optional.empty();
        late.ifPresent(this::advance);
        return answer.with("date", DateTimeFormatter.RFC_1123_DATE_TIME.format(then));
    }
}
