/**
 * A container image reference, normalised: `nginx` is docker.io/library/nginx. `tag` and `digest` only where they were
 * given; no reference has a tag of its own by default (see `withDefaultTag`).
 */
export type ImageReference = {
  /** Registry host with port, lower case as written: "docker.io", "registry.example:5000". */
  domain: string;
  /** Repository below the host: "library/nginx". */
  path: string;
  tag?: string;
  /** "sha256:..." */
  digest?: string;
};

/** Outcome of parsing; `error` is one line that does not repeat more than a short piece of the input. */
export type ParsedReference = { ok: true; reference: ImageReference } | { ok: false; error: string };

// Grammar: https://github.com/distribution/reference (each part is unambiguous, so matching takes linear time).
const component = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const host =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]{1,5})?$/;
const tagForm = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestForm = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const hexLength: Record<string, number> = { sha256: 64, sha384: 96, sha512: 128 };

const maxName = 255;
const maxReference = maxName + 1 + 128 + 1 + 8 + 128;

/** Parses an image reference strictly by the OCI distribution grammar. An image ID is no reference. */
export function parseImageReference(text: string): ParsedReference {
  if (text === "") return refuse("is empty");
  if (text.length > maxReference) return refuse(`is longer than ${maxReference} characters`);
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined) {
    const wrong = digestError(digest);
    if (wrong) return refuse(wrong);
  }
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(":");
  const tagged = colon > named.lastIndexOf("/");
  const tag = tagged ? named.slice(colon + 1) : undefined;
  if (tag !== undefined && !tagForm.test(tag)) {
    return refuse(tag.length > 128 ? "has a tag of more than 128 characters" : `has a bad tag ${quote(tag)}`);
  }
  const name = tagged ? named.slice(0, colon) : named;
  if (name === "") return refuse("has no repository name");
  if (name.length > maxName) return refuse(`has a name of more than ${maxName} characters`);
  if (/^(?:sha256|sha512)$/.test(name) && tag !== undefined && /^[0-9a-f]{64,}$/.test(tag)) {
    return refuse("is an image ID, which no registry can be asked for");
  }
  if (/^[0-9a-f]{64}$/.test(name)) return refuse("is an image ID, which no registry can be asked for");

  const [domain, path] = splitDomain(name);
  if (!host.test(domain)) return refuse(`has a bad registry host ${quote(domain)}`);
  for (const part of path.split("/")) {
    if (!component.test(part)) {
      return refuse(part === "" ? "has an empty path component" : `has a bad path component ${quote(part)}`);
    }
  }
  if (`${domain}/${path}`.length > maxName) return refuse(`has a name of more than ${maxName} characters`);
  return {
    ok: true,
    reference: { domain, path, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) },
  };
}

/** The name as people write it, without tag and digest: "nginx", "ghcr.io/a/b". */
export function familiarName({ domain, path }: ImageReference): string {
  if (domain !== "docker.io") return `${domain}/${path}`;
  return path.startsWith("library/") ? path.slice("library/".length) : path;
}

/** The reference as people write it; parsing it gives the same reference. */
export function formatReference(reference: ImageReference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return familiarName(reference) + tag + digest;
}

/** What a pull of the reference fetches: with the tag "latest" where neither tag nor digest was given. */
export function withDefaultTag(reference: ImageReference): ImageReference {
  return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: "latest" } : reference;
}

/** Host that serves the registry API of a domain. */
export function registryHost(domain: string): string {
  return domain === "docker.io" ? "registry-1.docker.io" : domain;
}

/** The digest among RepoDigests ("name@sha256:...") that belongs to the reference's repository, or undefined. */
export function repoDigest(reference: ImageReference, repoDigests: readonly string[]): string | undefined {
  for (const entry of repoDigests) {
    const parsed = parseImageReference(entry);
    if (!parsed.ok) continue;
    const { domain, path, digest } = parsed.reference;
    if (domain === reference.domain && path === reference.path && digest !== undefined) return digest;
  }
  return undefined;
}

function splitDomain(name: string): [domain: string, path: string] {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  let domain = isHost ? first : "docker.io";
  const path = isHost ? name.slice(slash + 1) : name;
  if (domain === "index.docker.io") domain = "docker.io";
  return [domain, domain === "docker.io" && !path.includes("/") ? `library/${path}` : path];
}

function digestError(digest: string): string | undefined {
  if (!digestForm.test(digest)) return `has a bad digest ${quote(digest)}`;
  const [algorithm = "", hex = ""] = digest.split(":");
  const length = hexLength[algorithm];
  if (length === undefined) return `has a digest of an unknown algorithm ${quote(algorithm)}`;
  if (hex.length !== length || hex !== hex.toLowerCase()) return `has a bad ${algorithm} digest`;
  return undefined;
}

function refuse(error: string): ParsedReference {
  return { ok: false, error };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
