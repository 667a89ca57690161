import "./numbers.ts";
import { pb as v1 } from "./gen/agent.js";

type Codec<T> = { encode(message: T): { finish(): Uint8Array }; decode(bytes: Uint8Array): T };

function method<Q, S>(name: string, streaming: boolean, request: Codec<Q>, response: Codec<S>) {
  return {
    path: `/fairlead.agent.v1.AgentService/${name}`,
    requestStream: streaming,
    responseStream: streaming,
    requestSerialize: (m: Q) => Buffer.from(request.encode(m).finish()),
    requestDeserialize: (b: Buffer) => request.decode(b),
    responseSerialize: (m: S) => Buffer.from(response.encode(m).finish()),
    responseDeserialize: (b: Buffer) => response.decode(b),
  };
}

/** Service definition for grpc-js: `server.addService(agentService, ...)` and `makeGenericClientConstructor`. */
export const agentService = {
  enroll: method("Enroll", false, v1.EnrollRequest, v1.EnrollResponse),
  renew: method("Renew", false, v1.RenewRequest, v1.RenewResponse),
  connect: method("Connect", true, v1.ConnectRequest, v1.ConnectResponse),
};
