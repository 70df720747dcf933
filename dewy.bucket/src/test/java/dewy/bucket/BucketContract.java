package dewy.bucket;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.tck.PluginUnderTest;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** What the contracts of all kinds need to know of a bucket. */
interface BucketContract<T extends AutoCloseable> extends PluginUnderTest<T> {
    BucketInTrouble remote();

    /** Returns the failure that an answer ends with which cannot be right. */
    default Class<? extends DewyException> lying() {
        return UnreachableException.class;
    }

    @AfterEach
    default void closeRemote() throws IOException {
        remote().close();
    }

    @Override
    default List<WrongUrl> wrongUrls() {
        return remote().wrongUrls();
    }

    @Override
    default List<String> secrets() {
        return List.of(remote().secret());
    }

    @Override
    default Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, UnreachableException.class,
                Trouble.STALLING, UnreachableException.class,
                Trouble.BREAKING_OFF, UnreachableException.class,
                Trouble.REFUSING, UnauthorizedException.class,
                Trouble.MISSING, NotFoundException.class,
                Trouble.LYING, lying());
    }

    @Override
    default void befall(Trouble trouble) throws IOException {
        remote().befall(trouble);
    }

    @Override
    default void awaitHanging() throws InterruptedException {
        remote().awaitHanging();
    }

    @Override
    default long asked() {
        return remote().relay.exchanged.size();
    }
}
