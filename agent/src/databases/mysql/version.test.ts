import { expect, test } from "vitest";
import { isAtLeast, parseServer } from "./version.ts";

test.each([
  ["5.7.44-log", "MySQL Community Server (GPL)", "mysql", "MySQL", "5.7.44"],
  ["8.0.39", "MySQL Community Server - GPL", "mysql", "MySQL", "8.0.39"],
  ["8.0.36-28", "Percona Server (GPL), Release 28, Revision 47601f19", "mysql", "Percona Server", "8.0.36"],
  ["8.4.3", "MySQL Community Server - GPL", "mysql", "MySQL", "8.4.3"],
  ["9.1.0", "MySQL Community Server - GPL", "mysql", "MySQL", "9.1.0"],
  ["10.3.39-MariaDB-0ubuntu0.20.04.2", "Ubuntu 20.04", "mariadb", "MariaDB", "10.3.39"],
  ["5.5.5-10.6.18-MariaDB-log", "MariaDB Server", "mariadb", "MariaDB", "10.6.18"],
  ["11.4.4-MariaDB-ubu2404", "mariadb.org binary distribution", "mariadb", "MariaDB", "11.4.4"],
  ["12.0.2-MariaDB", "", "mariadb", "MariaDB", "12.0.2"],
  ["8.0.11-TiDB-v7.5.0", "TiDB Server (Apache License 2.0)", "mysql", "TiDB", "8.0.11"],
  ["", "", "mysql", "MySQL", "0.0.0"],
  ["what?", "\n", "mysql", "MySQL", "0.0.0"],
])("%s (%s)", (version, comment, flavour, product, plain) => {
  expect(parseServer(version, comment)).toMatchObject({ flavour, product, version: plain });
});

test.each([
  ["8.0.21", false],
  ["8.0.22", true],
  ["8.1.0", true],
  ["9.0.0", true],
  ["5.7.44", false],
])("%s is 8.0.22 or later: %s", (version, expected) => {
  expect(isAtLeast(parseServer(version, ""), 8, 0, 22)).toBe(expected);
});
