// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so compose writes its variables
import fc from "fast-check";
import { expect, test } from "vitest";
import { envFilesIn, imageFromElsewhere, imageIn, parseCompose, usersOf, withImage } from "./compose-files-text.ts";

const variable = "app:${TAG:-1}";

test.for([
  ["plain", "services:\n  web:\n    image: app:1\n", { line: 3, says: "app:1" }],
  [
    "quoted, with a comment",
    'name: x\nservices:\n  web:\n    # here\n    image: "app:1" # pinned\n',
    { line: 5, says: "app:1" },
  ],
  ["in braces", "services: {web: {image: app:1}}\n", { line: 1, says: "app:1" }],
  ["a variable", `services:\n  web:\n    image: ${variable}\n`, { line: 3, says: variable }],
  [
    "an alias",
    "x: &i app:1\nservices:\n  web:\n    image: *i\n",
    { line: 4, says: "app:1", obstacle: "it is the alias *i" },
  ],
  ["an anchor that nobody uses", "services:\n  web:\n    image: &i app:1\n", { line: 3, says: "app:1" }],
  [
    "an anchor that another has",
    "services:\n  web:\n    image: &i app:1\n  db: {image: *i}\n",
    { line: 3, says: "app:1", obstacle: "others have it by *i" },
  ],
  [
    "a service that another merges",
    "services:\n  web: &w\n    image: app:1\n  db: {<<: *w}\n",
    { line: 3, says: "app:1", obstacle: "others have it by *w" },
  ],
  [
    "a service that another extends",
    "services:\n  web:\n    image: app:1\n  db: {extends: {service: web}}\n",
    { line: 3, says: "app:1", obstacle: "the service db extends it" },
  ],
  [
    "a service that merges, with an image of its own",
    "x-a: &a {image: b}\nservices:\n  web:\n    <<: *a\n    image: app:1\n",
    { line: 5, says: "app:1" },
  ],
  [
    "a block",
    "services:\n  web:\n    image: >-\n      app:1\n",
    { line: 3, says: "app:1", obstacle: "it is written as a block" },
  ],
  ["a tag", "services:\n  web:\n    image: !!str app:1\n", { line: 3, says: "app:1", obstacle: "it has a tag" }],
  [
    "a service with a tag",
    "services:\n  web: !override\n    image: app:1\n",
    { line: 3, says: "app:1", obstacle: "it has a tag" },
  ],
  ["built", "services:\n  web:\n    build: .\n", undefined],
  ["another service", "services:\n  db:\n    image: app:1\n", undefined],
  ["the key twice", "services:\n  web:\n    image: app:1\n    image: app:2\n", undefined],
  ["the service twice", "services:\n  web: {image: app:1}\n  web: {image: app:2}\n", undefined],
  ["a number", "services:\n  web:\n    image: 12\n", undefined],
] as const)("where the image stands: %s", ([, text, expected]) => {
  const compose = parseCompose(text);
  const found = compose === undefined ? undefined : imageIn(compose, "web");
  expect(
    found && { line: found.line, says: found.says, ...(found.obstacle ? { obstacle: found.obstacle } : {}) },
  ).toEqual(expected);
});

test.for([
  ["no compose file", "- 1\n"],
  ["broken", "services: [\n  web: {{{"],
  ["empty", ""],
  ["two documents", "services: {web: {image: app:1}}\n---\nservices: {web: {image: app:2}}\n"],
  ["no services", "web: {image: app:1}\n"],
  ["passwords", "root:$y$j9T$x:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n"],
  ["deeper than any file", "[".repeat(200_000)],
])("is no compose file: %s", ([, text = ""]) => {
  expect(parseCompose(text)).toBeUndefined();
});

test.for([
  [
    "extends",
    "services:\n  web: {extends: {file: base.yaml, service: app}}\n",
    { line: 2, how: "takes its image from what it extends" },
  ],
  [
    "a merge key",
    "x-a: &a {image: app:1}\nservices:\n  web:\n    <<: *a\n",
    { line: 4, how: "takes its image by a merge key" },
  ],
  ["an alias", "x-a: &a {image: app:1}\nservices:\n  web: *a\n", { line: 3, how: "is the alias *a" }],
  ["its own", "services:\n  web: {extends: x, image: app:1}\n", undefined],
  ["none", "services:\n  web: {build: .}\n", undefined],
] as const)("an image from elsewhere: %s", ([, text, expected]) => {
  const compose = parseCompose(text);
  expect(compose && imageFromElsewhere(compose, "web")).toEqual(expected);
});

test.for([
  ["plain", "services:\n  web:\n    image: app:1\n", "services:\n  web:\n    image: reg.example:5000/app:2\n"],
  [
    "comments and blanks",
    "services:\n  web:\n    image:   app:1   # pinned: app:1\n\n\n",
    "services:\n  web:\n    image:   reg.example:5000/app:2   # pinned: app:1\n\n\n",
  ],
  [
    "CRLF, a byte order mark, no last newline",
    "\uFEFFservices:\r\n  web:\r\n    image: 'app:1'",
    "\uFEFFservices:\r\n  web:\r\n    image: 'reg.example:5000/app:2'",
  ],
  [
    "double quotes, tabs after",
    'services:\n  web:\n    image: "app:1"\t# x\n',
    'services:\n  web:\n    image: "reg.example:5000/app:2"\t# x\n',
  ],
  [
    "in braces",
    "services: {web: {image: app:1, init: true}}\n",
    "services: {web: {image: reg.example:5000/app:2, init: true}}\n",
  ],
  [
    "an anchor",
    "services:\n  web:\n    image: &i app:1\n",
    "services:\n  web:\n    image: &i reg.example:5000/app:2\n",
  ],
  [
    "quoted keys, other services",
    'services:\n  "db": {image: app:1}\n  "web":\n    "image": app:1\n',
    'services:\n  "db": {image: app:1}\n  "web":\n    "image": reg.example:5000/app:2\n',
  ],
])("every other byte stays: %s", ([, text = "", expected]) => {
  const compose = parseCompose(text);
  expect(compose && withImage(compose, "web", "reg.example:5000/app:2")).toBe(expected);
});

test.for([
  ["yes", 'image: "yes"'],
  ["nginx", 'image: "nginx"'],
  ["1e3", 'image: "1e3"'],
  ["123:4", 'image: "123:4"'],
  ["a/b", "image: a/b"],
  ["127.0.0.1:5000/app:2", "image: 127.0.0.1:5000/app:2"],
  ["app@sha256:0123456789abcdef", "image: app@sha256:0123456789abcdef"],
])("a bare word is quoted: %s", ([image = "", expected]) => {
  const compose = parseCompose("services:\n  web:\n    image: app:1\n");
  expect(compose && withImage(compose, "web", image)).toContain(expected);
});

test("nothing but a reference is written, and it is read back as it was asked for", () => {
  const texts = fc.constantFrom(
    "services:\n  web:\n    image: app:1 # c\n  db: {image: x}\n",
    "services: {web: {image: 'app:1'}}",
    'services:\r\n  web: {image: "app:1", x: [1]}\r\n',
  );
  const hostile = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom("a", ":", "/", "\n", "#", " ", "'", '"', "&", "*", "{", "$", "@") }),
  );
  fc.assert(
    fc.property(texts, hostile, (text, image) => {
      const compose = parseCompose(text);
      const out = compose && withImage(compose, "web", image);
      if (out === undefined) return;
      expect(image).toMatch(/^[\w.:/@-]+$/);
      const again = parseCompose(out);
      expect(again && imageIn(again, "web")?.says).toBe(image);
      const [before, after] = [
        JSON.parse(JSON.stringify(compose?.document)),
        JSON.parse(JSON.stringify(again?.document)),
      ];
      before.services.web.image = image;
      expect(after).toEqual(before);
    }),
  );
});

test.for([
  ["one image", "services: {web: {image: app:$TAG}, db: {image: x}}", { images: ["web"], others: false }],
  [
    "two images",
    "services: {web: {image: 'app:${TAG}'}, db: {image: 'db:${TAG:-1}'}}",
    { images: ["web", "db"], others: false },
  ],
  [
    "an environment",
    "services: {web: {image: app:$TAG, environment: {A: 'v$TAG'}}}",
    { images: ["web"], others: true },
  ],
  ["a key", "services: {web: {image: a, labels: {'x${TAG}': y}}}", { images: [], others: true }],
  ["a longer name, a comment", "services: {web: {image: 'app:${TAGS}${TAG_2}'}} # $TAG", { images: [], others: false }],
])("who uses a variable: %s", ([, text, expected]) => {
  const compose = parseCompose(text as string);
  expect(compose && usersOf(compose, "TAG")).toEqual(expected);
});

test("env files that services name", () => {
  const text = "services: {a: {env_file: .env}, b: {env_file: [x.env, {path: ./y.env, required: false}]}}";
  const compose = parseCompose(text);
  expect(compose && envFilesIn(compose)).toEqual([".env", "x.env", "./y.env", "false"]);
});
