package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.process.DescriptorLease;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import java.io.File;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
    @Test
    void duplicatesAboveANumberWithoutHelpOfTheSystem() throws Exception {
        Requirements.linux();
        try (ListeningSocket socket = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0));
                DescriptorLease lease = socket.lease()) {
            int lowest = Descriptors.highestOpen() + 40;
            int before = open();
            int duplicate = Descriptors.duplicateByTrial(lease.descriptor(), lowest);
            CLibrary.close(duplicate);
            assertThat(duplicate).isEqualTo(lowest);
            assertThat(open()).isLessThan(before + 20);
        }
    }

    private static int open() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }
}
