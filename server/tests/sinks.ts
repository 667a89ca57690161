import { createServer as createHttpServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";

export type Hit = { headers: IncomingHttpHeaders; body: string; path: string };

/** A real HTTP server that notes what it gets; `answer` decides what it says. */
export async function httpSink(port = 0) {
  const hits: Hit[] = [];
  let answer = (_hit: Hit): { status: number; headers?: Record<string, string>; body?: string } => ({ status: 200 });
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const hit = { headers: request.headers, body: Buffer.concat(chunks).toString(), path: request.url ?? "" };
      hits.push(hit);
      const { status, headers = {}, body = "" } = answer(hit);
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hits,
    answerWith(next: typeof answer) {
      answer = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export type Mail = { from: string; to: string[]; data: string; auth: string | null };

/** A small real SMTP server (RFC 5321, AUTH PLAIN in the clear) that notes mails; `refuse` answers a command otherwise. */
export async function smtpSink(options: { port?: number; refuse?: (line: string) => string | undefined } = {}) {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let mail: Mail = { from: "", to: [], data: "", auth: null };
    let rest = "";
    let inData = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say("220 sink ESMTP");
    socket.on("data", (chunk) => {
      rest += chunk.toString("utf8");
      for (;;) {
        const end = rest.indexOf(inData ? "\r\n.\r\n" : "\r\n");
        if (end < 0) return;
        const part = rest.slice(0, end);
        rest = rest.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          mails.push({ ...mail, data: part });
          mail = { ...mail, from: "", to: [], data: "" };
          say("250 kept");
        } else command(part);
      }
    });
    function command(line: string): void {
      const refusal = options.refuse?.(line);
      if (refusal !== undefined) return void say(refusal);
      const word = line.slice(0, 4).toUpperCase();
      if (word === "EHLO") say("250-sink\r\n250-AUTH PLAIN\r\n250 8BITMIME");
      else if (word === "AUTH") {
        mail.auth = Buffer.from(line.split(" ")[2] ?? "", "base64").toString();
        say("235 welcome");
      } else if (word === "MAIL") {
        mail.from = /<(.*?)>/.exec(line)?.[1] ?? "";
        say("250 fine");
      } else if (word === "RCPT") {
        mail.to.push(/<(.*?)>/.exec(line)?.[1] ?? "");
        say("250 fine");
      } else if (word === "DATA") {
        inData = true;
        say("354 go on");
      } else if (word === "QUIT") {
        say("221 bye");
        socket.end();
      } else say("250 fine");
    }
  });
  await new Promise<void>((done) => server.listen(options.port ?? 0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
