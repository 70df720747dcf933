package dewy.registry.s3;

import dewy.api.DewyException;
import dewy.api.UnreachableException;
import dewy.api.plugin.Provider;
import dewy.api.store.Store;
import dewy.registry.s3.Relay.Answer;
import dewy.tck.StoreContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;

class S3StoreContractTest extends StoreContract {
    private final S3InTrouble remote = new S3InTrouble();
    private final AtomicLong hosts = new AtomicLong();
    private final AtomicLong server = new AtomicLong();
    private volatile Optional<Duration> delay = Optional.empty();
    private final S3StoreProvider provider = new S3StoreProvider(remote.access(), this::nanoTime);
    private final S3StoreProvider otherProvider = new S3StoreProvider(remote.access(), this::nanoTime);

    S3StoreContractTest() throws IOException {
        remote.relay.tampering = this::dated;
    }

    private long nanoTime() {
        return System.nanoTime() + hosts.get();
    }

    @AfterEach
    void close() throws IOException {
        remote.close();
    }

    @Override
    public Provider<Store> provider() {
        return provider;
    }

    @Override
    public String url() {
        return remote.url("store");
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return S3InTrouble.WRONG_URLS;
    }

    @Override
    public List<String> secrets() {
        return List.of(S3Server.SECRET);
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return new HashMap<>(S3InTrouble.troubles(UnreachableException.class));
    }

    @Override
    public void befall(Trouble trouble) throws IOException {
        remote.befall(trouble);
    }

    @Override
    public void awaitHanging() throws InterruptedException {
        remote.awaitHanging();
    }

    @Override
    public long asked() {
        return remote.asked();
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

    /** What S3 tells of its time has whole seconds, and is never behind by more than one. */
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
