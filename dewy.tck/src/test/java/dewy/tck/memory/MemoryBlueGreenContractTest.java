package dewy.tck.memory;

/** The same with replicas that are exchanged all at once. */
class MemoryBlueGreenContractTest extends MemoryRuntimeContractTest {
    @Override
    String strategy() {
        return "&strategy=blue-green&keep-blue=0s";
    }
}
