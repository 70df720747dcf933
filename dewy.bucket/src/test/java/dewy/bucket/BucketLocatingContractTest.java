package dewy.bucket;

/** Artifacts that a template says the place of. */
public abstract class BucketLocatingContractTest extends BucketArtifactContractTest {
    protected BucketLocatingContractTest(BucketInTrouble remote) {
        super(remote);
    }

    @Override
    public String url() {
        return remote().url("deep/prefix/{version}/app-{os}.tar.gz");
    }

    @Override
    protected void publishBeside(String ending, String content) {
        remote().put("deep/prefix/v1.0.0/app-linux.tar.gz" + ending, content);
    }
}
