import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { BSON } from "mongodb";

type Doc = Record<string, unknown>;

/** What the server does with a command: answers, never answers, ends the connection, or sends bytes that mean nothing. */
export type MongoAnswer = Doc | "hang" | "close" | Buffer;

/**
 * Not a mongod (Debian has none): a server that speaks MongoDB's wire protocol (OP_MSG, OP_QUERY for the first hello,
 * SCRAM-SHA-256) and answers with hand-written documents.
 */
export type MongoServer = {
  port: number;
  /** Names of the commands that came, in order. */
  commands: string[];
  /** Connections that were accepted since it was started. */
  accepted(): number;
  /** Ends all connections at once and listens no more, as when killed. */
  kill(): Promise<void>;
  /** Listens again on the same port. */
  restart(): Promise<void>;
};

const free = new Set(["hello", "ismaster", "ping", "saslstart", "saslcontinue", "endsessions", "buildinfo"]);
const [opReply, opQuery, opMessage] = [1, 2004, 2013];

/** Starts it. `auth`: the only user that there is; without it nobody needs to log in. */
export async function startMongoServer(
  answer: (name: string, command: Doc) => MongoAnswer,
  auth?: { user: string; password: string },
): Promise<MongoServer> {
  const sockets = new Set<Socket>();
  const commands: string[] = [];
  let accepted = 0;
  const server = createServer((socket) => {
    accepted++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    serve(socket, answer, commands, auth);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    port,
    commands,
    accepted: () => accepted,
    async kill() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async restart() {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
  };
}

function serve(
  socket: Socket,
  answer: (name: string, command: Doc) => MongoAnswer,
  commands: string[],
  auth: { user: string; password: string } | undefined,
): void {
  const login = auth === undefined ? undefined : createLogin(auth);
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 16 && rest.length >= rest.readInt32LE(0)) {
      const message = rest.subarray(0, rest.readInt32LE(0));
      rest = rest.subarray(message.length);
      const command = parse(message);
      if (command === undefined) return void socket.destroy();
      const name = Object.keys(command)[0] ?? "";
      commands.push(name);
      const reply = login?.(name.toLowerCase(), command) ?? answer(name, command);
      if (reply === "hang") continue;
      if (reply === "close") return void socket.destroy();
      socket.write(reply instanceof Uint8Array ? reply : frame(message, reply as Doc));
    }
  });
}

function parse(message: Buffer): Doc | undefined {
  const code = message.readInt32LE(12);
  // Flags, and the kind of the first section, which is the command.
  if (code === opMessage) return BSON.deserialize(message.subarray(21, 21 + message.readInt32LE(21)));
  if (code !== opQuery) return undefined;
  const from = message.indexOf(0, 20) + 9;
  return BSON.deserialize(message.subarray(from, from + message.readInt32LE(from)));
}

function frame(request: Buffer, reply: Doc): Buffer {
  const document = Buffer.from(BSON.serialize(reply));
  const isMessage = request.readInt32LE(12) === opMessage;
  // OP_REPLY: flags, cursor, start, count of documents. OP_MSG: flags, kind of the section.
  const between = Buffer.alloc(isMessage ? 5 : 20);
  if (!isMessage) between.writeInt32LE(1, 16);
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + between.length + document.length, 0);
  header.writeInt32LE(request.readInt32LE(4), 8);
  header.writeInt32LE(isMessage ? opMessage : opReply, 12);
  return Buffer.concat([header, between, document]);
}

// RFC 7677, the server's side; undefined: the command may be answered.
function createLogin(auth: { user: string; password: string }): (name: string, command: Doc) => Doc | undefined {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(auth.password, salt, 4096, 32, "sha256");
  const stored = sha256(hmac(salted, "Client Key"));
  let known = false;
  let bare = "";
  let first = "";
  const refused = { ok: 0, errmsg: "Authentication failed.", code: 18, codeName: "AuthenticationFailed" };
  return (name, command) => {
    if (name === "saslstart") {
      bare = String((command.payload as { toString(): string }).toString()).slice(3);
      if (!bare.startsWith(`n=${auth.user},`)) return refused;
      first = `r=${bare.slice(bare.indexOf("r=") + 2)}${randomBytes(12).toString("base64")},s=${salt.toString("base64")},i=4096`;
      return { conversationId: 1, done: false, payload: new BSON.Binary(Buffer.from(first)), ok: 1 };
    }
    if (name === "saslcontinue") {
      const last = (command.payload as { toString(): string }).toString();
      const [plain = "", proof = ""] = last.split(",p=");
      const said = `${bare},${first},${plain}`;
      const signature = hmac(stored, said);
      const key = Buffer.from(Buffer.from(proof, "base64").map((byte, i) => byte ^ (signature[i] ?? 0)));
      known = timingSafeEqual(sha256(key), stored);
      if (!known) return refused;
      const payload = `v=${hmac(hmac(salted, "Server Key"), said).toString("base64")}`;
      return { conversationId: 1, done: true, payload: new BSON.Binary(Buffer.from(payload)), ok: 1 };
    }
    if (known || free.has(name)) return undefined;
    const errmsg = `Command ${name} requires authentication`;
    return { ok: 0, errmsg, code: 13, codeName: "Unauthorized" };
  };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(data: Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}
