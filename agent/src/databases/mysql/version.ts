/** Which server answers. `number`: [major, minor, patch]; `label`: "10.11", "8.4"; `product`: as people call it. */
export type Server = {
  flavour: "mysql" | "mariadb";
  product: string;
  version: string;
  label: string;
  number: readonly [number, number, number];
};

/** Reads VERSION() and @@version_comment. Unknown text gives a MySQL of version 0, which is asked the least. */
export function parseServer(version: string, comment: string): Server {
  // Behind its own prefix a MariaDB before 11 calls itself a MySQL 5.5.5.
  const plain = version.replace(/^5\.5\.5-(?=1\d\.)/, "");
  const [, major = "0", minor = "0", patch = "0"] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(plain) ?? [];
  const flavour = /mariadb/i.test(`${version} ${comment}`) ? "mariadb" : "mysql";
  return {
    flavour,
    product: productName(flavour, version, comment),
    version: `${major}.${minor}.${patch}`,
    label: `${major}.${minor}`,
    number: [Number(major), Number(minor), Number(patch)],
  };
}

/** True from that version on. */
export function isAtLeast(server: Server, ...wanted: [number, number, number]): boolean {
  for (const [i, part] of wanted.entries()) {
    const have = server.number[i] ?? 0;
    if (have !== part) return have > part;
  }
  return true;
}

function productName(flavour: Server["flavour"], version: string, comment: string): string {
  if (flavour === "mariadb") return "MariaDB";
  const said = `${version} ${comment}`;
  const known = ["Percona", "TiDB", "Aurora", "Vitess", "OceanBase"].find((name) => new RegExp(name, "i").test(said));
  return known === "Percona" ? "Percona Server" : (known ?? "MySQL");
}
