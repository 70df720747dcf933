package dewy.cache.redis;

import dewy.tck.WrongUrl;
import java.util.ArrayList;
import java.util.List;

/** URLs that are refused. */
final class RedisUrls {
    /** What somebody wrote where it is not to be. */
    static final String SECRET = "s3cr3t-in-the-url";

    private RedisUrls() {}

    /** @param own a parameter of the kind, which does not take {@code much} */
    static List<WrongUrl> wrong(String own) {
        List<WrongUrl> wrong = new ArrayList<>(List.of(
                WrongUrl.of("redis:"),
                WrongUrl.of("redis://127.0.0.1/one?" + own + "=much", own),
                WrongUrl.of("redis://127.0.0.1:99999/0"),
                WrongUrl.of("redis://redis.example.com/0"),
                WrongUrl.of("redis://127.0.0.1,127.0.0.2"),
                WrongUrl.of("redis://dewy:" + SECRET + "@127.0.0.1", "password"),
                WrongUrl.of("redis://127.0.0.1?password=" + SECRET + "&prefix=a*", "password", "prefix"),
                WrongUrl.of("redis://127.0.0.1?sentinel-user=x", "sentinel"),
                WrongUrl.of(
                        "redis://127.0.0.1?sentinel=a/b&sentinel-password=" + SECRET, "sentinel", "sentinel-password"),
                WrongUrl.of("redis://127.0.0.1?sentinel=mymaster&cluster=true", "cluster"),
                WrongUrl.of("redis://127.0.0.1/1?cluster=maybe", "cluster"),
                WrongUrl.of("redis://127.0.0.1/1?cluster"),
                WrongUrl.of("rediss://redis.example.com?ca=/none.pem&key=/none.pem", "ca", "key"),
                WrongUrl.of("rediss://redis.example.com?cert=/none.pem", "cert")));
        return wrong;
    }
}
