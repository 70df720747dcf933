package dewy.core.install;

/** How much an archive came to. */
record Unpacked(int files, long bytes) {}
