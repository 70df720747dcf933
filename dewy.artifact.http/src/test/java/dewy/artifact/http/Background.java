package dewy.artifact.http;

/** Threads of servers, which end with the test. */
final class Background {
    private Background() {}

    static void start(Runnable work) {
        Thread thread = new Thread(work, "test-server");
        thread.setDaemon(true);
        thread.start();
    }
}
