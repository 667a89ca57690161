// Builds the agent as one executable file for each architecture: `npm run build:agent [-- --arch x64,arm64] [--force]`.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { basename, join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { gzip } from "node:zlib";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { alone } from "./alone.ts";
import { writeWithoutLibatomic } from "./without-libatomic.mjs";

type Arch = "x64" | "arm64";

const root = join(import.meta.dirname, "..");
const dist = join(root, "agent/dist");
const cache = join(root, "node_modules/.cache/fairlead");
const nodeVersion = "26.10.0";

/** V8 for a program that sleeps; what each flag gives, and which ones give nothing: docs/adr/0005-agent-footprint.md. */
export const execArgv = [
  // No compiler and no code of its own in memory, none of it executable and writable either.
  "--jitless",
  // Collects garbage in the main thread, at once: no helper is woken, no step is posted.
  "--single-threaded",
  "--no-incremental-marking",
  "--no-memory-reducer",
  "--max-semi-space-size=1",
  "--v8-pool-size=1",
  "--disable-sigusr1",
  "--no-warnings",
];

/** Libraries outside the bundle, and how each is given to it. The source of a bundle stays in memory. */
const librariesApart: Record<string, string> = {
  // A fourth of the program, and only the child that takes the inventory needs it.
  systeminformation: "load(module);",
  yaml: yamlApart(),
};
/** Drivers of databases, each loaded by the child that probes them when the host has such a database. */
const drivers = ["pg", "mysql2/promise", "@redis/client", "mongodb"];
for (const name of drivers) librariesApart[name] = "load(module);";
/** Optional parts of libraries that are not installed: what they would add is not used. */
const notInstalled = [
  "pg-native",
  "pg-cloudflare",
  "kerberos",
  "mongodb-client-encryption",
  "@aws-sdk/credential-providers",
  "@mongodb-js/zstd",
  "gcp-metadata",
  "snappy",
  "socks",
  "aws4",
  "@opentelemetry/api",
  "@node-rs/xxhash",
  "cardinal",
  "supports-color",
  "macos-temperature-sensor",
  "osx-temperature-sensor",
];
/** The agent's own code that only its children run: agent/src/child/*.task.ts. */
const taskFolder = join(root, "agent/src/child");
const tasks = readdirSync(taskFolder).filter((name) => name.endsWith(".task.ts"));
for (const name of tasks) librariesApart[name] = "load(module);";

/**
 * Every agent parses its settings, once: nothing holds the library afterwards. All else of it is for compose files and is
 * loaded with the first one.
 */
function yamlApart(): string {
  const rest = Object.keys(createRequire(import.meta.url)("yaml")).filter((name) => name !== "parse");
  return `
    const loaded = () => { const library = { exports: {} }; load(library); return library.exports; };
    let kept;
    exports.parse = (...given) => loaded().parse(...given);
    for (const name of ${JSON.stringify(rest)})
      Object.defineProperty(exports, name, { enumerable: true, get: () => (kept ??= loaded())[name] });
  `;
}

const grpcFolder = join(root, "node_modules/@grpc/grpc-js/build/src");

/** Parts of libraries that the agent has no use for. */
const leftOut: Plugin = {
  name: "left-out",
  setup(setup) {
    // Loaded by grpc-js for channelz alone, which is switched off.
    setup.onResolve({ filter: /^@grpc\/proto-loader$/ }, ({ path }) => ({ path, namespace: "left-out" }));
    // dockerode needs these for SSH hosts, BuildKit sessions and building images only, which the agent has not.
    const unused = /^(ssh2|@grpc\/grpc-js|protobufjs|tar-fs|@balena\/dockerignore|zlib)$/;
    setup.onResolve({ filter: unused }, ({ importer, path }) =>
      /node_modules\/(dockerode|docker-modem)\//.test(importer) ? { path, namespace: "left-out" } : undefined,
    );
    // The same as Node's own.
    setup.onResolve({ filter: /^readable-stream$/ }, () => ({ path: "node:stream", external: true }));
    setup.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** grpc-js without its server and without the balancers for several backends. A module: other names fail the build. */
const grpcClient: Plugin = {
  name: "grpc-client",
  setup(setup) {
    setup.onResolve({ filter: /^@grpc\/grpc-js$/ }, ({ path }) => ({ path, namespace: "grpc-client" }));
    // The order of its own index: these files need each other.
    setup.onLoad({ filter: /.*/, namespace: "grpc-client" }, () => ({
      resolveDir: grpcFolder,
      contents: `
        import "./call-credentials";
        import "./channel";
        import { ChannelCredentials } from "./channel-credentials";
        import { setup as setupDns } from "./resolver-dns";
        import { setup as setupIp } from "./resolver-ip";
        import { setup as setupPickFirst } from "./load-balancer-pick-first";
        export const credentials = { createSsl: ChannelCredentials.createSsl };
        export { Client } from "./client";
        export { Metadata } from "./metadata";
        export { Status as status } from "./constants";
        setupDns();
        setupIp();
        setupPickFirst();
      `,
    }));
  },
};

/** Takes libraries out of the bundle; they are loaded when used, from the executable or from beside the bundle. */
const apart: Plugin = {
  name: "apart",
  setup(setup) {
    const names = new RegExp(`^(${Object.keys(librariesApart).join("|")})$`);
    setup.onResolve({ filter: names }, ({ path }) => ({ path, namespace: "apart" }));
    // What the agent names as a file of its own; the entry of a bundle has no importer.
    setup.onResolve({ filter: /\.task\.ts$/ }, ({ path, importer }) =>
      importer === "" ? undefined : { path: basename(path), namespace: "apart" },
    );
    setup.onLoad({ filter: /.*/, namespace: "apart" }, ({ path }) => ({
      resolveDir: root,
      contents: `
        function load(into) {
          const { isSea, getAsset } = require("node:sea");
          const source = isSea()
            ? getAsset("${path}", "utf8")
            : require("node:fs").readFileSync(require("node:path").join(__dirname, "${fileName(path)}"), "utf8");
          // A library may load others: it must know where they are, too.
          new Function("module", "exports", "require", "__dirname", source)(into, into.exports, require, __dirname);
        }
        ${librariesApart[path]}
      `,
    }));
  },
};

/** Builds what is missing or older than its sources; returns the files by architecture. Of several at once, one builds. */
export async function buildAgent(
  archs: readonly Arch[],
  options: { force?: boolean } = {},
): Promise<Record<string, string>> {
  mkdirSync(dist, { recursive: true });
  return await alone(join(dist, "build.lock"), async () => {
    // What a build that was killed left half done.
    for (const name of readdirSync(dist)) {
      if (/^fairlead-agent-.*\.\d+(\.json)?$/.test(name)) rmSync(join(dist, name), { force: true });
    }
    return await buildStale(archs, options);
  });
}

async function buildStale(archs: readonly Arch[], options: { force?: boolean }): Promise<Record<string, string>> {
  const hash = sourceHash();
  const made: Record<string, string> = {};
  const todo = archs.filter((arch) => {
    made[arch] = join(dist, `fairlead-agent-linux-${arch}`);
    return options.force === true || !existsSync(made[arch]) || readHash(arch) !== hash;
  });
  if (todo.length === 0) return made;
  const bundle = await bundleAgent();

  for (const arch of todo) {
    const output = join(dist, `fairlead-agent-linux-${arch}`);
    const half = `${output}.${process.pid}`;
    // Of this process: several may build at once.
    const config = `${half}.json`;
    writeFileSync(
      config,
      JSON.stringify({
        main: bundle,
        output: half,
        executable: portableNode(arch),
        disableExperimentalSEAWarning: true,
        useCodeCache: arch === process.arch,
        execArgv,
        execArgvExtension: "none",
        assets: Object.fromEntries(Object.keys(librariesApart).map((name) => [name, libraryFile(name)])),
      }),
    );
    // With its flags: V8 refuses code that was cached under others.
    try {
      execFileSync(process.execPath, [...execArgv, "--build-sea", config], { stdio: ["ignore", "ignore", "inherit"] });
    } finally {
      rmSync(config);
    }
    chmodSync(half, 0o755);
    // Renamed: a running agent keeps the old file.
    renameSync(half, output);
    const bytes = readFileSync(output);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(`${output}.sha256`, `${sha256}  fairlead-agent-linux-${arch}\n`);
    writeFileSync(join(dist, `source-${arch}.hash`), hash);
    await compress(output, bytes, sha256);
  }
  return made;
}

/** What clients get that take gzip: a third of the size. Two builds may meet, so its name says of which bytes it is. */
async function compress(output: string, bytes: Buffer, sha256: string): Promise<void> {
  const packed = `${basename(output)}.${sha256.slice(0, 16)}.gz`;
  const half = join(dist, `${packed}.${process.pid}`);
  writeFileSync(half, await promisify(gzip)(bytes, { level: 5 }));
  renameSync(half, join(dist, packed));
  for (const name of readdirSync(dist)) {
    if (name.startsWith(`${basename(output)}.`) && name.endsWith(".gz") && name !== packed)
      rmSync(join(dist, name), { force: true });
  }
}

/** Bundles the agent's sources into one file that Node runs: what `npm start` uses for the host it runs on. */
export async function bundleAgent(): Promise<string> {
  mkdirSync(dist, { recursive: true });
  const version = (JSON.parse(readFileSync(join(root, "agent/package.json"), "utf8")) as { version: string }).version;
  const bundle = join(dist, "agent.cjs");
  const define = { "process.env.FAIRLEAD_AGENT_VERSION": JSON.stringify(version) };
  const plugins = [leftOut, grpcClient, apart];
  await bundleFile(join(root, "agent/src/main.ts"), bundle, { define, plugins });
  for (const name of Object.keys(librariesApart)) {
    const isTask = tasks.includes(name);
    // What a driver throws is told by its class.
    const own = isTask ? { define, plugins } : { keepNames: drivers.includes(name) };
    await bundleFile(isTask ? join(taskFolder, name) : name, libraryFile(name), own);
  }
  return bundle;
}

function libraryFile(name: string): string {
  return join(dist, fileName(name));
}

/** Of the library in the build's folder. */
function fileName(name: string): string {
  return `${name.replace(/\.ts$/, "").replaceAll("/", "-")}.cjs`;
}

async function bundleFile(
  entry: string,
  outfile: string,
  more: Pick<BuildOptions, "define" | "keepNames" | "plugins"> = {},
) {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    outfile,
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node26",
    minify: true,
    legalComments: "none",
    absWorkingDir: root,
    logLevel: "warning",
    external: notInstalled,
    ...more,
    define: { "import.meta.url": "__filename", ...more.define },
  });
  // esbuild leaves regular expressions as they are; one character beyond Latin-1 and V8 keeps the whole source, twice as
  // long, in two bytes a character.
  const source = outputFiles[0]?.text ?? "";
  const missing = notFound(metafile, source);
  if (missing.length > 0) throw new Error(`${basename(outfile)} would not find ${missing.join(", ")}`);
  // Renamed when whole: an agent of another server may be reading it.
  const half = `${outfile}.${process.pid}`;
  writeFileSync(
    half,
    source.replaceAll(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
  renameSync(half, outfile);
}

/** What is in no bundle and not known to be left out, and code that asks where its file is: it has none. */
function notFound(metafile: Metafile, source: string): string[] {
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const missing = outside.filter((path) => !isBuiltin(path) && !notInstalled.includes(path));
  return /\b__filename\b/.test(source) ? [...missing, "its own file (import.meta.url, __filename)"] : missing;
}

function readHash(arch: Arch): string {
  const file = join(dist, `source-${arch}.hash`);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function sourceHash(): string {
  const hash = createHash("sha256").update(nodeVersion).update(execArgv.join(" "));
  const files = ["agent/src", "shared", "proto"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(
        (e) =>
          e.isFile() &&
          /\.(ts|js)$/.test(e.name) &&
          !e.name.endsWith(".test.ts") &&
          !e.parentPath.includes("node_modules"),
      )
      .map((e) => join(e.parentPath, e.name)),
  );
  for (const file of [
    ...files,
    join(root, "package-lock.json"),
    join(root, "scripts/without-libatomic.mjs"),
    import.meta.filename,
  ].sort()) {
    hash.update(file).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** That binary without its need of libatomic.so.1, which most servers lack; as it is where it can't be changed. */
function portableNode(arch: Arch): string {
  const source = nodeBinary(arch);
  const target = join(cache, `node-${nodeVersion}-${arch}-portable`);
  if (existsSync(target)) return target;
  try {
    writeWithoutLibatomic(source, target);
    return target;
  } catch (error) {
    console.error(`the ${arch} agent will need libatomic.so.1 on its host: ${(error as Error).message}`);
    return source;
  }
}

/** The official Node binary of that architecture; another architecture's is fetched by the npm client, checked against the lockfile. */
function nodeBinary(arch: Arch): string {
  const name = `node-linux-${arch}`;
  const installed = join(root, "node_modules", name, "bin/node");
  if (existsSync(installed)) return installed;
  const cached = join(cache, `${name}-${nodeVersion}`);
  if (existsSync(cached)) return cached;
  const folder = `${cached}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    const pack = ["pack", `${name}@${nodeVersion}`, "--silent", "--pack-destination", folder];
    execFileSync("npm", pack, { stdio: ["ignore", "ignore", "inherit"] });
    const archive = join(folder, `${name}-${nodeVersion}.tgz`);
    const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
      packages: Record<string, { integrity?: string }>;
    };
    const expected = lock.packages[`node_modules/${name}`]?.integrity;
    const actual = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
    if (actual !== expected) {
      throw new Error(`${name}@${nodeVersion} is not what package-lock.json names: ${actual} instead of ${expected}`);
    }
    execFileSync("tar", ["-xzf", archive, "-C", folder, "package/bin/node"]);
    renameSync(join(folder, "package/bin/node"), cached);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return cached;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { arch: { type: "string", default: "x64,arm64" }, force: { type: "boolean", default: false } },
  });
  const archs = values.arch.split(",");
  const wrong = archs.find((a) => a !== "x64" && a !== "arm64");
  if (wrong !== undefined) {
    console.error(`--arch ${wrong}: must be x64, arm64 or both, separated by a comma`);
    process.exit(2);
  }
  for (const file of Object.values(await buildAgent(archs as Arch[], { force: values.force }))) console.log(file);
}
