import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentService, type pb } from "@fairlead/proto";
import { decodeValues, freshBits, type Packed } from "@fairlead/shared/report-codec";
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { fingerprint } from "../src/identity.ts";

/** A throw-away CA that signs what the agent asks for, with the openssl program. */
export type TestCa = {
  folder: string;
  pin: string;
  caDer: Buffer;
  sign(csrDer: Uint8Array, days?: number): Buffer;
  remove(): void;
};

export function createCa(): TestCa {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-ca-"));
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=test CA");
  openssl("req", ...newKey, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=fairlead-server");
  writeFileSync(join(folder, "san"), "subjectAltName=DNS:fairlead-server\n");
  const signing = ["x509", "-req", "-CA", "ca.pem", "-CAkey", "ca.key"];
  openssl(...signing, "-in", "server.csr", "-out", "server.pem", "-days", "30", "-extfile", "san");
  const caDer = new X509Certificate(readFileSync(join(folder, "ca.pem"))).raw;
  return {
    folder,
    caDer,
    pin: fingerprint(caDer),
    sign(csrDer, days = 30) {
      writeFileSync(join(folder, "agent.csr"), csrDer);
      openssl(...signing, "-in", "agent.csr", "-inform", "DER", "-out", "agent.pem", "-days", String(days));
      return new X509Certificate(readFileSync(join(folder, "agent.pem"))).raw;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A report or change as a session decoded it. */
export type Received = { seq: number; at: number; session: number; values: Record<string, number[]>; change?: string };

export type TestSession = {
  hello: pb.Hello.$Properties;
  frames: pb.ConnectRequest.$Properties[];
  send(frame: pb.ConnectResponse.$Properties): void;
  ack(first: number, last?: number): void;
  end(code: status, details: string): void;
};

export type TestServer = {
  address: string;
  sessions: TestSession[];
  received: Received[];
  enrolments: pb.EnrollRequest.$Properties[];
  renewals: number;
  /** Acknowledge what comes; on at first. */
  acking: boolean;
  /** Answer Hello; on at first. */
  welcoming: boolean;
  resumeSeq: number;
  /** Records for which it ends the session as malformed. */
  rejects: (record: Received) => boolean;
  config: pb.Config.$Properties;
  /** Days of the certificates that enrolment signs. */
  days: number;
  until<T>(what: () => T | undefined | false, ms?: number): Promise<T>;
  stop(): Promise<void>;
};

type Call = ServerDuplexStream<pb.ConnectRequest.$Properties, pb.ConnectResponse.$Properties>;

/** A server that speaks the protocol over real mTLS and keeps what it hears. */
export async function startServer(ca: TestCa, port = 0): Promise<TestServer> {
  const server = new Server({ "grpc.enable_channelz": 0 });
  const read = (name: string) => readFileSync(join(ca.folder, name));
  const chain = Buffer.concat([read("server.pem"), read("ca.pem")]);
  const pair = { private_key: read("server.key"), cert_chain: chain };
  const credentials = ServerCredentials.createSsl(read("ca.pem"), [pair], false);
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const watcher of watchers) watcher();
  };
  const self: TestServer = {
    address: "",
    sessions: [],
    received: [],
    enrolments: [],
    renewals: 0,
    acking: true,
    welcoming: true,
    resumeSeq: 0,
    rejects: () => false,
    config: { intervalSeconds: 1, disabledCollectors: [], paused: false },
    days: 30,
    until: (what, ms = 10_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          watchers.delete(look);
          reject(new Error(`not within ${ms} ms: ${what}`));
        }, ms);
        const look = () => {
          const found = what();
          if (found === undefined || found === false) return;
          clearTimeout(timer);
          watchers.delete(look);
          resolve(found as never);
        };
        watchers.add(look);
        look();
      }),
    stop: async () => {
      // forceShutdown leaves streams alone when channelz is off.
      for (const session of self.sessions) session.end(status.UNAVAILABLE, "the server is stopping");
      server.forceShutdown();
    },
  };
  server.addService(agentService as never, {
    enroll(
      call: ServerUnaryCall<pb.EnrollRequest, pb.EnrollResponse>,
      done: sendUnaryData<pb.EnrollResponse.$Properties>,
    ) {
      self.enrolments.push(call.request);
      if (call.request.token !== "good") return done({ code: status.UNAUTHENTICATED, details: "the token is used up" });
      const certificateDer = ca.sign(call.request.csrDer, self.days);
      done(null, { serverId: "11111111-2222-3333-4444-555555555555", certificateDer, caDer: ca.caDer });
    },
    renew(call: ServerUnaryCall<pb.RenewRequest, pb.RenewResponse>, done: sendUnaryData<pb.RenewResponse.$Properties>) {
      self.renewals++;
      done(null, { certificateDer: ca.sign(call.request.csrDer) });
      changed();
    },
    connect: (call: Call) => serve(self, call, changed),
  });
  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error, at) => (error ? reject(error) : resolve(at))),
  );
  self.address = `127.0.0.1:${bound}`;
  return self;
}

function serve(self: TestServer, call: Call, changed: () => void): void {
  const resources: { name: string; previous: Uint32Array }[] = [];
  const number = self.sessions.length;
  const session: TestSession = {
    hello: {},
    frames: [],
    send: (frame) => call.write(frame),
    ack: (first, last = first) => call.write({ ack: { ranges: [{ first, last }], refusals: [] } }),
    end: (code, details) => call.emit("error", { code, details }),
  };
  let ended = false;
  const arrived = (record: Received) => {
    if (ended) return;
    if (self.rejects(record)) {
      ended = true;
      return session.end(status.INVALID_ARGUMENT, "Report has a hole");
    }
    self.received.push(record);
    if (self.acking && record.seq > 0) session.ack(record.seq);
  };
  call.on("error", () => undefined);
  call.on("cancelled", () => call.end());
  call.on("end", () => call.end());
  call.on("data", (frame: pb.ConnectRequest) => {
    session.frames.push(frame);
    if (frame.hello) {
      session.hello = frame.hello;
      self.sessions.push(session);
      const { config, resumeSeq } = self;
      if (self.welcoming) call.write({ welcome: { serverId: "s", config, resumeSeq, timeUnixMs: Date.now() } });
    } else if (frame.resourceUpsert) {
      const { index = 0, kind, key, valueCount } = frame.resourceUpsert;
      const name = `${kind}:${key}`;
      const known = resources[index as number];
      if (known === undefined) resources[index as number] = { name, previous: freshBits(valueCount ?? 0) };
      else if (known.name !== name) throw new Error(`index ${index} was ${known.name}, is now ${name}`);
    } else if (frame.report) arrived(decode(frame.report, resources, number));
    else if (frame.stateChange) {
      const { seq, timeUnixMs, resource, fromState, toState } = frame.stateChange;
      const name = resources[resource ?? 0]?.name;
      arrived({
        seq: seq ?? 0,
        at: timeUnixMs ?? 0,
        session: number,
        values: {},
        change: `${name} ${fromState}>${toState}`,
      });
    }
    changed();
  });
}

function decode(
  report: pb.Report.$Properties,
  resources: { name: string; previous: Uint32Array }[],
  session: number,
): Received {
  const values: Record<string, number[]> = {};
  const parts: Packed[] = (report.resources ?? []).map((index) => {
    const previous = resources[index]?.previous ?? freshBits(0);
    return { values: new Float32Array(previous.length), previous };
  });
  const wrong = decodeValues(report.values ?? new Uint8Array(), parts);
  if (wrong) throw new Error(wrong);
  for (const [i, index] of (report.resources ?? []).entries()) {
    values[resources[index]?.name ?? "?"] = [...(parts[i]?.values ?? [])];
  }
  return { seq: report.seq ?? 0, at: report.timeUnixMs ?? 0, session, values };
}
