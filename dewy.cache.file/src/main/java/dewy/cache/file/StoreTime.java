package dewy.cache.file;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The time of a store: how long its host was up since the store began, as far as its changes tell. No setting of the wall
 * clock moves it. When the host was started anew it goes on with the time since then: what passed between the last change and
 * that start is not known, and does not count, so that nothing ends too early.
 *
 * @param nanos what it is
 * @param noted how long the host had been up then
 * @param boots the last starts of the host, that of {@code noted} at the end
 */
record StoreTime(long nanos, Uptime noted, List<String> boots) {
    /** A host was started, then another one, and now it is the first again: these are two. */
    static final class AnotherHost extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static final int MOST_BOOTS = 16;

    StoreTime {
        boots = List.copyOf(boots);
    }

    static StoreTime beginning(Uptime now) {
        return new StoreTime(0, now, List.of(now.boot()));
    }

    /** Returns what it is now. */
    StoreTime at(Uptime now) throws AnotherHost {
        if (now.boot().equals(noted.boot())) {
            return new StoreTime(nanos + Math.max(0, now.nanos() - noted.nanos()), now, boots);
        }
        if (boots.contains(now.boot())) {
            throw new AnotherHost();
        }
        List<String> all = new ArrayList<>(boots);
        all.add(now.boot());
        return new StoreTime(nanos + now.nanos(), now, all.subList(Math.max(0, all.size() - MOST_BOOTS), all.size()));
    }

    /** Reads what {@link #words} returned. */
    static StoreTime of(List<String> words) {
        if (words.size() < 4 || !words.get(0).equals("time")) {
            throw new IllegalArgumentException("it does not tell its time");
        }
        List<String> boots = words.subList(3, words.size());
        Uptime noted = new Uptime(boots.get(boots.size() - 1), Long.parseLong(words.get(2)));
        return new StoreTime(Long.parseLong(words.get(1)), noted, boots);
    }

    Object[] words() {
        return Stream.concat(Stream.of("time", nanos, noted.nanos()), boots.stream())
                .toArray();
    }
}
