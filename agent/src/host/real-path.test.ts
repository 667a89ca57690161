import { expect, test } from "vitest";
import { rootedHost } from "../../tests/rooted-host.ts";
import { realPath } from "./real-path.ts";

test.each([
  ["/srv/x", "/srv/x"],
  ["/", "/"],
  ["/srv/./x//y/", "/srv/x/y"],
  ["/srv/../../x", "/x"],
  ["/data/db", "/mnt/disk1/db"],
  ["/data/../other", "/mnt/other"],
  ["/relative/z", "/mnt/disk1/z"],
  ["/not/there", "/not/there"],
  ["/circle/a", "/circle/a"],
])("%s is %s", (path, expected) => {
  const host = rootedHost({
    "/data": "-> /mnt/disk1",
    "/mnt/disk1/db/f": "",
    "/relative": "-> mnt/../data",
    "/circle": "-> circle",
  });
  expect(realPath(host, path)).toBe(expected);
});
