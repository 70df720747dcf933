package dewy.registry.s3;

import dewy.bucket.Relay.Answer;
import dewy.bucket.VirtualBucket;
import java.util.Map;
import java.util.Optional;

/** One that lists its names as S3 does. */
final class S3VirtualBucket extends VirtualBucket {
    @Override
    protected Optional<Answer> answer(Map<String, String> query) {
        if (!"2".equals(query.get("list-type"))) {
            return Optional.empty();
        }
        // What is behind a key begins with the next one that there may be.
        String start = query.containsKey("start-after") ? query.get("start-after") + "\0" : "";
        Listed listed = list(query.getOrDefault("prefix", ""), start, query.get("continuation-token"));
        StringBuilder list = new StringBuilder("<ListBucketResult><Name>b</Name>");
        list.append("<IsTruncated>").append(listed.next().isPresent()).append("</IsTruncated>");
        listed.next()
                .ifPresent(token ->
                        list.append("<NextContinuationToken>").append(token).append("</NextContinuationToken>"));
        for (String key : listed.objects()) {
            list.append("<Contents><Key>")
                    .append(key)
                    .append("</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>")
                    .append("<ETag>&quot;00&quot;</ETag><Size>1</Size></Contents>");
        }
        for (String folder : listed.folders()) {
            list.append("<CommonPrefixes><Prefix>").append(folder).append("</Prefix></CommonPrefixes>");
        }
        return Optional.of(
                Answer.of(200, list.append("</ListBucketResult>").toString()).with("content-type", "application/xml"));
    }
}
