import fc from "fast-check";
import { expect, test } from "vitest";
import { lowestAddress, parseLocalAddresses, parseTcpListeners, parseUnixListeners } from "./listening.ts";

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   112        0 31337 1 0000000000000000 100 0 0 10 0
   1: 00000000:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31338 1 0000000000000000 100 0 0 10 0
   2: 0100007F:1538 0100007F:D431 01 00000000:00000000 00:00000000 00000000   112        0 31339 1 0000000000000000 20 4 30 10 -1
`;
const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:1538 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   112        0 41 1
   1: 00000000000000000000000000000000:0CEA 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   112        0 42 1
   2: 0000000000000000FFFF00000100000A:0CEA 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   112        0 43 1
   3: B80D0120000000000000000001000000:0CEA 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   112        0 44 1
`;
const unix = `Num       RefCount Protocol Flags    Type St Inode Path
ffff8d2b0a1f8000: 00000002 00000000 00010000 0001 01 20001 /run/postgresql/.s.PGSQL.5432
ffff8d2b0a1f8400: 00000002 00000000 00010000 0001 01 20002 @/tmp/abstract
ffff8d2b0a1f8800: 00000003 00000000 00000000 0001 03 20003 /run/postgresql/.s.PGSQL.5432
ffff8d2b0a1f8c00: 00000002 00000000 00000000 0002 01 20004 /run/systemd/notify
ffff8d2b0a1f9000: 00000002 00000000 00010000 0001 01 20005
`;

test("listening sockets of both families, nothing else", () => {
  expect(parseTcpListeners(tcp)).toEqual([
    { address: "127.0.0.1", port: 5432, inode: "31337" },
    { address: "0.0.0.0", port: 6379, inode: "31338" },
  ]);
  expect(parseTcpListeners(tcp6)).toEqual([
    { address: "::1", port: 5432, inode: "41" },
    { address: "::", port: 3306, inode: "42" },
    { address: "::ffff:10.0.0.1", port: 3306, inode: "43" },
    { address: "2001:db8::1", port: 3306, inode: "44" },
  ]);
  expect(parseUnixListeners(unix)).toEqual([
    { path: "/run/postgresql/.s.PGSQL.5432", inode: "20001" },
    { path: "@/tmp/abstract", inode: "20002" },
  ]);
});

test.each([
  [["::1", "127.0.0.1"], "127.0.0.1"],
  [["0.0.0.0"], "127.0.0.1"],
  [["::"], "127.0.0.1"],
  [["10.0.0.9", "10.0.0.10"], "10.0.0.9"],
  [["10.0.0.10", "9.255.0.1"], "9.255.0.1"],
  [["fe80::1", "::1"], "::1"],
  [["::ffff:10.1.1.1"], "10.1.1.1"],
  [[], undefined],
])("of %j one connects to %s", (addresses, expected) => expect(lowestAddress(addresses)).toBe(expected));

test("own addresses of a namespace", () => {
  const text = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 172.17.0.0/16 2 0 2
        |-- 172.17.0.0
           /16 link UNICAST
        |-- 172.17.0.2
           /32 host LOCAL
Local:
        |-- 127.0.0.1
           /32 host LOCAL
        |-- 172.17.0.2
           /32 host LOCAL
`;
  expect(parseLocalAddresses(text)).toEqual(["172.17.0.2"]);
});

test("no text makes them throw", () => {
  const mangled = fc.oneof(
    fc.string(),
    fc.constantFrom(tcp, tcp6, unix).chain((text) => fc.nat(text.length).map((at) => text.slice(at))),
  );
  fc.assert(
    fc.property(mangled, (text) => {
      for (const { port, inode } of parseTcpListeners(text)) {
        expect(port).toBeLessThan(65536);
        expect(inode).toMatch(/^\d+$/);
      }
      parseUnixListeners(text);
      parseLocalAddresses(text);
    }),
  );
});
