package dewy.bucket;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.store.Lines;
import dewy.store.SharedText;
import dewy.store.StoreContent;
import java.time.Duration;
import java.util.Optional;

/**
 * A store in one object, since no service writes anything on the condition of another one. A change reads it, and writes it if
 * it is still the same; otherwise it begins anew, with what another one wrote.
 *
 * <p>Times are those of the answers of the service, which count whole seconds and may be up to one second behind: what is to
 * last is given one more, so that it never ends too early.
 */
record StoreObject(SharedObject object) implements SharedText {
    @Override
    public StoreContent read(Call call) throws DewyException {
        return content(object.read(call));
    }

    @Override
    public <T> Optional<T> change(Call call, Change<T> change) throws DewyException {
        return object.change(call, before -> {
            StoreContent content = content(before);
            return change.make(content).map(done -> new SharedObject.Changed<>(done, text(content)));
        });
    }

    private StoreContent content(Bucket.Held held) throws InvalidException {
        StoreContent.Moment moment = new StoreContent.Moment(held.at().getEpochSecond(), StoreObject::seconds, 0);
        return object.parse(held, StoreContent.FORMAT, lines -> StoreContent.of(lines, moment))
                .orElseGet(() -> StoreContent.empty(moment));
    }

    private static String text(StoreContent content) {
        Lines lines = new Lines(StoreContent.FORMAT);
        content.writeTo(lines);
        return lines.toString();
    }

    private static long seconds(Duration length) {
        return length.plus(Duration.ofSeconds(2).minusNanos(1)).toSeconds();
    }
}
