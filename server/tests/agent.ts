import { createPrivateKey, randomUUID, webcrypto } from "node:crypto";
import "reflect-metadata";
import { agentService, type pb } from "@fairlead/proto";
import { findKind } from "@fairlead/shared/catalogue";
import { encodeValues, freshBits } from "@fairlead/shared/report-codec";
import { type ClientDuplexStream, credentials, makeGenericClientConstructor, type ServiceError } from "@grpc/grpc-js";
import * as x509 from "@peculiar/x509";

/** What an agent needs to sign in. */
export type Identity = { serverId: string; keyPem: string; certificateDer: Uint8Array };

type Call = ClientDuplexStream<pb.ConnectRequest.$Properties | Buffer, pb.ConnectResponse.$Properties>;
type Client = InstanceType<ReturnType<typeof makeGenericClientConstructor>> & {
  enroll(
    request: pb.EnrollRequest.$Properties,
    done: (error: ServiceError | null, answer: pb.EnrollResponse.$Properties) => void,
  ): void;
  renew(
    request: pb.RenewRequest.$Properties,
    done: (error: ServiceError | null, answer: pb.RenewResponse.$Properties) => void,
  ): void;
  connect(): Call;
};

/** Lets a test send bytes that are no frame. */
const service = {
  ...agentService,
  connect: {
    ...agentService.connect,
    requestSerialize: (frame: pb.ConnectRequest.$Properties | Buffer) =>
      Buffer.isBuffer(frame) ? frame : agentService.connect.requestSerialize(frame as pb.ConnectRequest),
  },
};
const AgentClient = makeGenericClientConstructor(service, "AgentService");

/** A gRPC client as agents make it; with an identity it shows its certificate. */
export function dial(port: number, caDer: Uint8Array, identity?: Pick<Identity, "keyPem" | "certificateDer">): Client {
  const ca = Buffer.from(pem("CERTIFICATE", caDer));
  const creds =
    identity === undefined
      ? credentials.createSsl(ca)
      : credentials.createSsl(
          ca,
          Buffer.from(identity.keyPem),
          Buffer.from(pem("CERTIFICATE", identity.certificateDer)),
        );
  return new AgentClient(`127.0.0.1:${port}`, creds, {
    "grpc.ssl_target_name_override": "fairlead-server",
    "grpc.default_authority": "fairlead-server",
    "grpc.enable_channelz": 0,
    "grpc.enable_retries": 0,
    "grpc.use_local_subchannel_pool": 1,
  }) as unknown as Client;
}

/** A key and a request for it. */
export async function makeRequest(curve = "P-256"): Promise<{ keyPem: string; csrDer: Uint8Array }> {
  const keys = (await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: curve }, true, [
    "sign",
    "verify",
  ])) as webcrypto.CryptoKeyPair;
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: "CN=agent",
    keys,
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  const keyPem = createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({ format: "pem", type: "pkcs8" });
  return { keyPem: keyPem.toString(), csrDer: new Uint8Array(csr.rawData) };
}

/** Enrols; rejects with the ServiceError. */
export async function enrol(
  port: number,
  caDer: Uint8Array,
  token: string,
  more: Partial<pb.EnrollRequest.$Properties> = {},
): Promise<Identity> {
  const client = dial(port, caDer);
  const { keyPem, csrDer } = await makeRequest();
  const request = { token, csrDer, hostname: "host", agentVersion: "0.1.0", ...more };
  try {
    const answer = await new Promise<pb.EnrollResponse.$Properties>((resolve, reject) => {
      client.enroll(request, (error, value) => (error === null ? resolve(value) : reject(error)));
    });
    return {
      serverId: answer.serverId ?? "",
      keyPem,
      certificateDer: answer.certificateDer ?? new Uint8Array(0),
    };
  } finally {
    client.close();
  }
}

/** One stream, as a test drives it. */
export type TestAgent = {
  send(frame: pb.ConnectRequest.$Properties | Buffer): void;
  received: pb.ConnectResponse.$Properties[];
  /** The first frame of that kind, arrived or to come; rejects when the stream ends before. */
  next<K extends keyof pb.ConnectResponse.$Properties>(
    kind: K,
  ): Promise<NonNullable<pb.ConnectResponse.$Properties[K]>>;
  /** How the stream ended. */
  ended: Promise<{ code: number; details: string }>;
  declare(kind: string, key: string, more?: Partial<pb.ResourceUpsert.$Properties>): number;
  /** Sends a report of these resources by index. */
  report(seq: number, at: number, values: Record<number, number[]>): void;
  acked(): Set<number>;
  stop(): void;
};

/** Opens a stream and says Hello. */
export function connect(
  port: number,
  caDer: Uint8Array,
  identity: Identity | undefined,
  hello: pb.Hello.$Properties | null = {},
): TestAgent {
  const client = dial(port, caDer, identity);
  const call = client.connect();
  const received: pb.ConnectResponse.$Properties[] = [];
  const taken = new Map<string, number>();
  let wake: (() => void)[] = [];
  let over: { code: number; details: string } | undefined;
  const stir = () => {
    const woken = wake;
    wake = [];
    for (const f of woken) f();
  };
  call.on("data", (frame: pb.ConnectResponse.$Properties) => {
    received.push(frame);
    stir();
  });
  call.on("error", () => {});
  const ended = new Promise<{ code: number; details: string }>((resolve) => {
    call.on("status", ({ code, details }: { code: number; details: string }) => {
      over = { code, details };
      resolve(over);
      stir();
      client.close();
    });
  });
  const kinds: { count: number; previous: Uint32Array }[] = [];
  if (hello !== null) {
    call.write({
      hello: {
        protocolVersion: 1,
        agentVersion: "0.1.0",
        bootId: "boot-1",
        instanceId: randomUUID(),
        machineId: "machine-1",
        hostname: "host",
        timeUnixMs: Date.now(),
        spool: { spoolId: "spool-1", firstSeq: 1, nextSeq: 1 },
        ...hello,
      },
    });
  }
  return {
    send: (frame) => void call.write(frame),
    received,
    async next(kind) {
      for (;;) {
        const from = taken.get(kind) ?? 0;
        const at = received.findIndex((frame, i) => i >= from && frame[kind] !== null && frame[kind] !== undefined);
        if (at >= 0) {
          taken.set(kind, at + 1);
          return received[at]?.[kind] as never;
        }
        if (over !== undefined) throw new Error(`stream ended: ${over.code} ${over.details}`);
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    },
    ended,
    declare(kind, key, more = {}) {
      const count = more.valueCount ?? findKind(kind)?.metrics.length ?? 0;
      const index = kinds.push({ count, previous: freshBits(count) }) - 1;
      call.write({ resourceUpsert: { index, kind, key, valueCount: count, ...more } });
      return index;
    },
    report(seq, at, values) {
      const resources = Object.keys(values).map(Number);
      const parts = resources.map((index) => {
        const kind = kinds[index] as { count: number; previous: Uint32Array };
        const row = new Float32Array(kind.count).fill(Number.NaN);
        row.set(values[index] ?? []);
        return { values: row, previous: kind.previous };
      });
      call.write({ report: { seq, timeUnixMs: at, resources, values: encodeValues(parts) } });
    },
    acked() {
      const all = new Set<number>();
      for (const { ack } of received) {
        for (const range of ack?.ranges ?? []) {
          for (let seq = range.first ?? 0; seq <= (range.last ?? 0); seq++) all.add(seq);
        }
      }
      return all;
    },
    stop() {
      call.cancel();
      client.close();
    },
  };
}

/** PEM of DER bytes. */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
