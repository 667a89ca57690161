import { formatReference, parseImageReference, withDefaultTag } from "@fairlead/shared/image-reference";
import { type Document, isAlias, isMap, isScalar, LineCounter, type Pair, parseDocument, Scalar, visit } from "yaml";

/** A compose file that could be parsed, byte for byte as it stands on disk. */
export type ComposeText = { text: string; document: Document.Parsed; lines: LineCounter };

/** Where a file names the image of a service. */
export type ImageScalar = {
  /** From 1. */
  line: number;
  /** As it is written, variables and all. */
  says: string;
  /** Why that place must not be written to; absent: it may. */
  obstacle?: string;
  /** Offsets in the text, quotes included. */
  range: readonly [number, number];
};

const longestShown = 500;
/** Deeper nesting than any file has takes the parser a time that grows with its square. */
const mostDepth = 100;

/** Undefined for what is no compose file: no YAML, several documents, no services. */
export function parseCompose(text: string): ComposeText | undefined {
  const lines = new LineCounter();
  if (depthOf(text) > mostDepth) return undefined;
  try {
    // The parser looks for keys that stand twice by comparing each with each; the three that count are looked at below.
    const document = parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys: false });
    if (document.errors.length > 0 || !isMap(document.get("services", true))) return undefined;
    return { text, document, lines };
  } catch {
    return undefined;
  }
}

/** Undefined where the file does not name an image for that service, or names it in a form that nothing is known of. */
export function imageIn(compose: ComposeText, service: string): ImageScalar | undefined {
  const { document, lines } = compose;
  const maps = [document.contents, document.get("services", true), document.getIn(["services", service], true)];
  if (["services", service, "image"].some((name, level) => isTwice(maps[level], name))) return undefined;
  const node = document.getIn(["services", service, "image"], true);
  const scalar = isAlias(node) ? node.resolve(document) : node;
  if (!isScalar(scalar) || typeof scalar.value !== "string") return undefined;
  const range = (isAlias(node) ? node.range : scalar.range) ?? undefined;
  if (!range) return undefined;
  const obstacle = isAlias(node) ? `it is the alias *${node.source}` : obstacleOf(compose, service, scalar);
  return {
    line: lines.linePos(range[0]).line,
    says: scalar.value.slice(0, longestShown),
    range: [range[0], range[1]],
    ...(obstacle === undefined ? {} : { obstacle }),
  };
}

/** How a service that this file describes gets its image from elsewhere, with the line; undefined where it does not. */
export function imageFromElsewhere(compose: ComposeText, service: string): { line: number; how: string } | undefined {
  const { document, lines } = compose;
  const node = document.getIn(["services", service], true);
  const at = (range: readonly number[] | null | undefined) => lines.linePos(range?.[0] ?? 0).line;
  if (isAlias(node)) return { line: at(node.range), how: `is the alias *${node.source}` };
  if (!isMap(node) || node.has("image")) return undefined;
  if (node.has("extends")) return { line: at(node.range), how: "takes its image from what it extends" };
  if (node.items.some((pair) => keyOf(pair) === "<<"))
    return { line: at(node.range), how: "takes its image by a merge key" };
  return undefined;
}

/** True where the file takes in others by `include`. */
export function includesOthers({ document }: ComposeText): boolean {
  return document.has("include");
}

/**
 * The same text with another image there, every other byte as it was. Undefined where that would not come out as a compose
 * file that says so.
 */
export function withImage(compose: ComposeText, service: string, image: string): string | undefined {
  const place = imageIn(compose, service);
  if (place === undefined || place.obstacle !== undefined || !/^[\w.:/@-]+$/.test(image)) return undefined;
  const [start, end] = place.range;
  const source = compose.text.slice(start, end);
  const first = source[0] ?? "";
  const isQuoted = first === '"' || first === "'";
  // Bare words may mean something else (yes, null, 1e3): then it is quoted.
  const isPlain = /^(?:[A-Za-z][\w.-]*[:/@]|[\w.:-]+\/)./.test(image);
  const quote = isQuoted ? first : isPlain ? "" : '"';
  const text = `${compose.text.slice(0, start)}${quote}${image}${quote}${compose.text.slice(end)}`;
  const again = parseCompose(text);
  const says = again === undefined ? undefined : imageIn(again, service);
  return says?.says === image && says.range[0] === start ? text : undefined;
}

/** Who uses a variable: services in their images, and whether anything else does. */
export function usersOf({ document }: ComposeText, variable: string): { images: string[]; others: boolean } {
  const uses = new RegExp(`\\$(?:${variable}(?![A-Za-z0-9_])|\\{${variable}[^A-Za-z0-9_])`);
  const found = { images: [] as string[], others: false };
  visit(document, {
    Scalar(key, node, path) {
      if (typeof node.value !== "string" || !uses.test(node.value)) return;
      const names = path.flatMap((one) => ("key" in one ? [keyOf(one as Pair)] : []));
      const isImage = key === "value" && names.length === 3 && names[0] === "services" && names[2] === "image";
      if (isImage) found.images.push(String(names[1]));
      else found.others = true;
    },
  });
  return found;
}

/** Every path that services name as `env_file`, as written. */
export function envFilesIn({ document }: ComposeText): string[] {
  const found: string[] = [];
  visit(document, {
    Pair(_, pair) {
      if (keyOf(pair) !== "env_file") return;
      visit(pair.value as Scalar, { Scalar: (key, node) => void (key === "key" || found.push(String(node.value))) });
    },
  });
  return found;
}

/** True where both name the same image, however it is written. */
export function sameReference(one: string, other: string): boolean {
  const [a, b] = [parseImageReference(one), parseImageReference(other)];
  if (!a.ok || !b.ok) return one === other;
  return formatReference(withDefaultTag(a.reference)) === formatReference(withDefaultTag(b.reference));
}

function obstacleOf(compose: ComposeText, service: string, scalar: Scalar): string | undefined {
  const { document } = compose;
  if (scalar.type !== Scalar.PLAIN && scalar.type !== Scalar.QUOTE_DOUBLE && scalar.type !== Scalar.QUOTE_SINGLE) {
    return "it is written as a block";
  }
  const body = document.getIn(["services", service], true);
  if (scalar.tag !== undefined || (isMap(body) && body.tag !== undefined)) return "it has a tag";
  const around = [document.contents, document.get("services", true), body, scalar];
  const anchors = new Set(around.flatMap((node) => (isMap(node) || isScalar(node) ? (node.anchor ?? []) : [])));
  let shared: string | undefined;
  visit(document, {
    Alias(_, { source }) {
      if (!anchors.has(source)) return undefined;
      shared = source;
      return visit.BREAK;
    },
  });
  if (shared !== undefined) return `others have it by *${shared}`;
  const heir = heirOf(document, service);
  return heir === undefined ? undefined : `the service ${heir} extends it`;
}

function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const sign of text) {
    if (sign === "[" || sign === "{") most = Math.max(most, ++depth);
    else if (sign === "]" || sign === "}") depth--;
  }
  return most;
}

function isTwice(node: unknown, name: string): boolean {
  return isMap(node) && node.items.filter((pair) => keyOf(pair) === name).length > 1;
}

function heirOf(document: Document, service: string): string | undefined {
  const services = document.get("services", true);
  if (!isMap(services)) return undefined;
  const heir = services.items.find((pair) => {
    const name = isMap(pair.value) ? pair.value.get("extends") : undefined;
    const parent = isMap(name) ? name.get("service") : name;
    return parent === service;
  });
  return heir === undefined ? undefined : keyOf(heir);
}

function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? (typeof key.value === "symbol" ? key.value.description : key.value) : key);
}
