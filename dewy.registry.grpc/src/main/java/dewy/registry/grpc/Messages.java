package dewy.registry.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The messages of {@code dewy.proto}, to the byte: the few fields there are need no generated code, and so no compiler of
 * protocol buffers in the build.
 */
final class Messages {
    private Messages() {}

    /** {@code dewy.CurrentRequest}: what the host is, and the artifact that the app names. */
    record CurrentRequest(String arch, String os, Optional<String> artifactName) {}

    /** {@code dewy.CurrentResponse}: what the host is to have; without a tag it is nothing. */
    record CurrentResponse(String id, String tag, String artifactUrl, Optional<Instant> createdAt) {}

    /** {@code dewy.ReportRequest}: what became of it. */
    record ReportRequest(String id, String tag, String command, Optional<String> error) {}

    static InputStream write(CurrentRequest request) {
        return written(out -> {
            text(out, 1, request.arch());
            text(out, 2, request.os());
            optional(out, 3, request.artifactName());
        });
    }

    static InputStream write(ReportRequest request) {
        return written(out -> {
            text(out, 1, request.id());
            text(out, 2, request.tag());
            text(out, 3, request.command());
            optional(out, 4, request.error());
        });
    }

    static CurrentResponse readCurrentResponse(InputStream message) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        String id = "";
        String tag = "";
        String url = "";
        Optional<Instant> created = Optional.empty();
        for (int field = in.readTag(); field != 0; field = in.readTag()) {
            switch (field) {
                case 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> id = in.readStringRequireUtf8();
                case 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> tag = in.readStringRequireUtf8();
                case 3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> url = in.readStringRequireUtf8();
                case 4 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> created = Optional.of(timestamp(in));
                default -> in.skipField(field);
            }
        }
        return new CurrentResponse(id, tag, url, created);
    }

    /**
     * Finds how long to wait in the details of a status: {@code google.rpc.RetryInfo} in a {@code google.rpc.Status}.
     *
     * @return empty where they say nothing of it
     */
    static Optional<Duration> readRetryDelay(byte[] status) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(status);
        Optional<Duration> delay = Optional.empty();
        for (int field = in.readTag(); field != 0; field = in.readTag()) {
            if (field == (3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                Optional<Duration> said = detail(CodedInputStream.newInstance(in.readByteArray()));
                delay = delay.or(() -> said);
            } else {
                in.skipField(field);
            }
        }
        return delay;
    }

    private static Optional<Duration> detail(CodedInputStream in) throws IOException {
        String type = "";
        byte[] value = {};
        for (int field = in.readTag(); field != 0; field = in.readTag()) {
            switch (field) {
                case 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> type = in.readStringRequireUtf8();
                case 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> value = in.readByteArray();
                default -> in.skipField(field);
            }
        }
        if (!type.endsWith("/google.rpc.RetryInfo")) {
            return Optional.empty();
        }
        CodedInputStream info = CodedInputStream.newInstance(value);
        for (int field = info.readTag(); field != 0; field = info.readTag()) {
            if (field == (1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                Moment moment = moment(info);
                return Optional.of(Duration.ofSeconds(moment.seconds(), moment.nanos()));
            }
            info.skipField(field);
        }
        return Optional.empty();
    }

    private static Instant timestamp(CodedInputStream in) throws IOException {
        Moment moment = moment(in);
        try {
            return Instant.ofEpochSecond(moment.seconds(), moment.nanos());
        } catch (DateTimeException e) {
            throw new IOException("created_at is no time", e);
        }
    }

    /** {@code google.protobuf.Timestamp}, and {@code google.protobuf.Duration} as well. */
    private record Moment(long seconds, int nanos) {}

    private static Moment moment(CodedInputStream outer) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(outer.readByteArray());
        long seconds = 0;
        int nanos = 0;
        for (int field = in.readTag(); field != 0; field = in.readTag()) {
            switch (field) {
                case 1 << 3 | WireFormat.WIRETYPE_VARINT -> seconds = in.readInt64();
                case 2 << 3 | WireFormat.WIRETYPE_VARINT -> nanos = in.readInt32();
                default -> in.skipField(field);
            }
        }
        return new Moment(seconds, nanos);
    }

    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private static InputStream written(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    /** What is empty is not written, as everywhere in proto3. */
    private static void text(CodedOutputStream out, int field, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeString(field, value);
        }
    }

    private static void optional(CodedOutputStream out, int field, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            out.writeString(field, value.get());
        }
    }
}
