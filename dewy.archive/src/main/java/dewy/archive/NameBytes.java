package dewy.archive;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/** A name as an archive has it: bytes that are UTF-8, or not. */
final class NameBytes {
    private final byte[] bytes;

    NameBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns the name, refused if it is not UTF-8: nobody could tell which other character set was meant. */
    String decode() throws RefusedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException otherCharset) {
            throw RefusedException.entry(shown(), "is a name that is not UTF-8", "Rename the file.");
        }
    }

    /** Returns the name with each byte that is not UTF-8 written as {@code \xe9}. */
    String shown() {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer name = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(4 * bytes.length);
        CoderResult result = decoder.decode(name, text, true);
        while (result.isMalformed()) {
            for (int i = 0; i < result.length(); i++) {
                text.put(String.format(Locale.ROOT, "\\x%02x", name.get()));
            }
            result = decoder.decode(name, text, true);
        }
        return text.flip().toString();
    }

    int crc() {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
