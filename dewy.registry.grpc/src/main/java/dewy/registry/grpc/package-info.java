/**
 * A registry that is a server of one's own, which tells each host over gRPC what to have ({@code src/main/proto/dewy.proto}), and
 * is told what became of it. {@link dewy.registry.grpc.RegistryService} asks it on {@link dewy.registry.grpc.Connections};
 * {@link dewy.registry.grpc.ReferredArtifacts} takes the artifacts from wherever it says that they are.
 */
@NullMarked
package dewy.registry.grpc;

import org.jspecify.annotations.NullMarked;
