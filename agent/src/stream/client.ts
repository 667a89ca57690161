import { agentService, type pb } from "@fairlead/proto";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { parseServer } from "../config.ts";

/** What the certificate of every server names. Trust comes from the pinned CA, not from DNS. */
export const serverCertificateName = "fairlead-server";

/**
 * A channel to the server. Nothing is dialled before the first call. Its own re-dialling is of no use to us: a session
 * ends with its channel and the next one makes a new one.
 */
export function createClient(server: string, ca: string, identity?: { key: string; certificate: string }): Client {
  const { host, port } = parseServer(server) ?? { host: server, port: 8443 };
  const address = host.includes(":") ? `ipv6:[${host}]:${port}` : `dns:${host}:${port}`;
  const tls = credentials.createSsl(
    Buffer.from(ca),
    identity ? Buffer.from(identity.key) : null,
    identity ? Buffer.from(identity.certificate) : null,
  );
  return new Client(address, tls, {
    "grpc.ssl_target_name_override": serverCertificateName,
    "grpc.default_authority": serverCertificateName,
    "grpc.enable_channelz": 0,
    "grpc.enable_retries": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.use_local_subchannel_pool": 1,
    "grpc.keepalive_time_ms": 20_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.max_receive_message_length": 4 << 20,
    "grpc.max_send_message_length": 4 << 20,
  });
}

/** Unary Enroll. Rejects with grpc's ServiceError. */
export function callEnroll(client: Client, request: pb.EnrollRequest.$Properties): Promise<pb.EnrollResponse> {
  return unary(client, agentService.enroll as Method<pb.EnrollRequest.$Properties, pb.EnrollResponse>, request);
}

/** Unary Renew. Rejects with grpc's ServiceError. */
export function callRenew(client: Client, csrDer: Uint8Array): Promise<pb.RenewResponse> {
  return unary(client, agentService.renew as Method<pb.RenewRequest.$Properties, pb.RenewResponse>, { csrDer });
}

type Method<Q, S> = { path: string; requestSerialize(m: Q): Buffer; responseDeserialize(b: Buffer): S };

function unary<Q, S>(client: Client, method: Method<Q, S>, request: Q): Promise<S> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      new Metadata(),
      { deadline: Date.now() + 15_000 },
      (error, response) =>
        error || response === undefined ? reject(error ?? new Error("no answer")) : resolve(response),
    );
  });
}
