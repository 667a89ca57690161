import fc from "fast-check";
import { expect, test } from "vitest";
import { LabelError, readLabels } from "./labels.ts";

test("without labels nothing is asked", () => {
  expect(readLabels({ maintainer: "x", "fairlead.note": "free" })).toEqual({
    update: "allowed",
    gates: [],
    stableSeconds: 0,
    backup: undefined,
    composeFile: undefined,
  });
});

test("all labels at once", () => {
  const labels = {
    "fairlead.update": "manual",
    "fairlead.stable": "2m",
    "fairlead.gate.http": ":8080/healthz?full=1",
    "fairlead.gate.http.status": "2xx, 301",
    "fairlead.gate.http.contains": "ok",
    "fairlead.gate.tcp": ":5432",
    "fairlead.gate.exec": "pg_isready -U app",
    "fairlead.gate.timeout": "90",
    "fairlead.backup": "volumes, dump",
    "fairlead.backup.binds": "/data, /etc/app",
    "fairlead.backup.consistency": "STOP",
    "fairlead.backup.keep": "2w",
    "fairlead.compose-file": " Edit",
  };
  expect(readLabels(labels)).toEqual({
    update: "manual",
    stableSeconds: 120,
    gates: [
      {
        kind: "http",
        port: 8080,
        path: "/healthz?full=1",
        tls: false,
        status: "2xx,301",
        contains: "ok",
        timeoutSeconds: 90,
      },
      { kind: "tcp", port: 5432, timeoutSeconds: 90 },
      { kind: "exec", command: ["pg_isready", "-U", "app"], timeoutSeconds: 90 },
    ],
    backup: { volumes: true, dump: true, binds: ["/data", "/etc/app"], consistency: "stop", keepDays: 14 },
    composeFile: "edit",
  });
});

test.for<[value: string, port: number, path: string, tls: boolean]>([
  [":80", 80, "/", false],
  ["80", 80, "/", false],
  ["8080/x", 8080, "/x", false],
  ["http://localhost/x", 80, "/x", false],
  ["https://:8443/", 8443, "/", true],
  ["https://127.0.0.1", 443, "/", true],
])("fairlead.gate.http=%s", ([value, port, path, tls]) => {
  expect(readLabels({ "fairlead.gate.http": value }).gates[0]).toMatchObject({ port, path, tls });
});

test("an exec gate as a JSON array keeps each word as it is", () => {
  const value = JSON.stringify(["sh", "-c", "a && b | c > 'd e'"]);
  expect(readLabels({ "fairlead.gate.exec": value }).gates[0]).toMatchObject({
    command: ["sh", "-c", "a && b | c > 'd e'"],
  });
});

test.for<[label: string, value: string]>([
  ["fairlead.update", "sometimes"],
  ["fairlead.updates", "never"],
  ["fairlead.stable.seconds", "5"],
  ["fairlead.gates.http", ":80"],
  ["fairlead.stable", "soon"],
  ["fairlead.stable", "-1"],
  ["fairlead.stable", "99999d"],
  ["fairlead.gate.http", "example.org:80/"],
  ["fairlead.gate.http", ":0/"],
  ["fairlead.gate.http", ":80/a b"],
  ["fairlead.gate.http", "../../etc"],
  ["fairlead.gate.http.status", "200"],
  ["fairlead.gate.tcp", "70000"],
  ["fairlead.gate.tcp", "$(reboot)"],
  ["fairlead.gate.exec", ""],
  ["fairlead.gate.exec", "true; reboot"],
  ["fairlead.gate.exec", "[1]"],
  ["fairlead.gate.exec", `["a"`],
  ["fairlead.gate.http.body", "x"],
  ["fairlead.gate.htpp", ":80"],
  ["fairlead.backup", "all"],
  ["fairlead.backup.binds", "data"],
  ["fairlead.backup.consistency", "freeze"],
  ["fairlead.backup.exec", "rm -rf /"],
  ["fairlead.compose-file", "/etc/shadow"],
  ["fairlead.compose-files", "edit"],
  ["fairlead.gate.tcp", "9".repeat(10_000)],
])("%s=%s is refused by name", ([label, value]) => {
  const error = (() => {
    try {
      readLabels({ [label]: value });
    } catch (thrown) {
      return thrown;
    }
    return undefined;
  })();
  expect(error).toBeInstanceOf(LabelError);
  const { message } = error as LabelError;
  expect(message).toContain(label.startsWith("fairlead.gate.http.status") ? "fairlead.gate.http" : label);
  expect(message.length).toBeLessThan(500);
  expect(message).not.toContain("\n");
});

test("no label makes it throw anything but a LabelError", () => {
  const names = fc.constantFrom(
    "update",
    "stable",
    "gate.http",
    "gate.tcp",
    "gate.exec",
    "gate.timeout",
    "backup",
    "backup.keep",
    "backup.binds",
  );
  fc.assert(
    fc.property(fc.dictionary(names, fc.string({ unit: "binary" })), (given) => {
      const labels = Object.fromEntries(Object.entries(given).map(([name, value]) => [`fairlead.${name}`, value]));
      try {
        readLabels(labels);
      } catch (error) {
        expect(error).toBeInstanceOf(LabelError);
      }
    }),
  );
});
