package dewy.tck;

import java.util.List;

/**
 * A URL that a plugin refuses.
 *
 * @param url the whole URL, with several mistakes where there are several ways to make them
 * @param names the parameters that are wrong, each of which the refusal names; empty where it is not about a parameter
 */
public record WrongUrl(String url, List<String> names) {
    public WrongUrl {
        names = List.copyOf(names);
    }

    public static WrongUrl of(String url, String... names) {
        return new WrongUrl(url, List.of(names));
    }
}
