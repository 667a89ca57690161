import { describe, expect, test } from "vitest";
import {
  familiarName,
  formatReference,
  type ImageReference,
  parseImageReference,
  registryHost,
  repoDigest,
  withDefaultTag,
} from "./image-reference.ts";

const hex = "0123456789abcdef".repeat(4);
const sha = `sha256:${hex}`;

test.for<[text: string, reference: ImageReference]>([
  ["nginx", { domain: "docker.io", path: "library/nginx" }],
  ["nginx:1.27", { domain: "docker.io", path: "library/nginx", tag: "1.27" }],
  ["docker.io/nginx", { domain: "docker.io", path: "library/nginx" }],
  ["index.docker.io/a/b", { domain: "docker.io", path: "a/b" }],
  ["a/b/c", { domain: "docker.io", path: "a/b/c" }],
  ["ghcr.io/a/b:v1_2.3-x", { domain: "ghcr.io", path: "a/b", tag: "v1_2.3-x" }],
  ["localhost/x", { domain: "localhost", path: "x" }],
  ["HOST/x", { domain: "HOST", path: "x" }],
  ["host:5000/x:y", { domain: "host:5000", path: "x", tag: "y" }],
  ["[::1]:5000/x", { domain: "[::1]:5000", path: "x" }],
  [`127.0.0.1:5000/app@${sha}`, { domain: "127.0.0.1:5000", path: "app", digest: sha }],
  [`app:1@${sha}`, { domain: "docker.io", path: "library/app", tag: "1", digest: sha }],
  ["a__b/c.d/e-f/g---h", { domain: "docker.io", path: "a__b/c.d/e-f/g---h" }],
  [`x:${"t".repeat(128)}`, { domain: "docker.io", path: "library/x", tag: "t".repeat(128) }],
])("%s is read, and written the same", ([text, reference]) => {
  expect(parseImageReference(text)).toEqual({ ok: true, reference });
  expect(parseImageReference(formatReference(reference))).toEqual({ ok: true, reference });
});

describe("refused", () => {
  test.for<[text: string, error: RegExp]>([
    ["", /is empty/],
    [":1", /no repository name/],
    [`@${sha}`, /no repository name/],
    ["Nginx", /bad path component "library"|bad path component "Nginx"/],
    ["nginx:", /bad tag/],
    ["nginx:-1", /bad tag/],
    ["nginx:a b", /bad tag/],
    [`nginx:${"t".repeat(129)}`, /tag of more than 128/],
    ["nginx@sha256:abc", /bad digest/],
    [`nginx@sha256:${"A".repeat(64)}`, /bad sha256 digest/],
    [`nginx@md5:${"a".repeat(32)}`, /unknown algorithm/],
    [`nginx@${sha}@${sha}`, /bad digest/],
    ["a//b", /empty path component/],
    ["/a", /bad path component|empty/],
    ["a/", /empty path component/],
    ["a/../b", /bad path component "\.\."/],
    ["../../etc/passwd", /bad registry host/],
    ["-a.b/c", /bad registry host/],
    ["a.b-/c", /bad registry host/],
    ["host:port/x", /bad registry host/],
    ["user:pw@host/x", /bad digest/],
    ["http://host/x", /bad registry host|bad path/],
    ["a___b", /bad path component/],
    ["a.-b", /bad path component/],
    ["a b", /bad path component/],
    ["a\nb", /bad path component/],
    ["a\u0000b", /bad path component/],
    ["näme", /bad path component/],
    ["a;rm -rf /", /bad path component|empty/],
    [hex, /image ID/],
    [sha, /image ID/],
    ["a".repeat(256), /more than 255/],
    ["a".repeat(10_000), /longer than/],
    ["a-".repeat(5_000), /longer than/],
    ["ä".repeat(10_000), /longer than/],
  ])("%j", ([text, error]) => {
    const parsed = parseImageReference(text);
    expect(parsed).toEqual({ ok: false, error: expect.stringMatching(error) });
    if (!parsed.ok) expect(parsed.error.length).toBeLessThan(120);
  });
});

test("names for people and for the registry", () => {
  const nginx: ImageReference = { domain: "docker.io", path: "library/nginx" };
  expect([familiarName(nginx), registryHost("docker.io"), registryHost("ghcr.io")]).toEqual([
    "nginx",
    "registry-1.docker.io",
    "ghcr.io",
  ]);
  expect(withDefaultTag(nginx).tag).toBe("latest");
  expect(withDefaultTag({ ...nginx, digest: sha }).tag).toBeUndefined();
  expect(repoDigest(nginx, [`ghcr.io/nginx@sha256:${"f".repeat(64)}`, `nginx@${sha}`])).toBe(sha);
  expect(repoDigest(nginx, ["<none>@<none>"])).toBeUndefined();
});
