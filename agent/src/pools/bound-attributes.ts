type Tree = Record<string, unknown> & { children?: Tree[] };

const mostBytes = 60_000;
/** What a tree's members lose first. */
const dispensable = ["pools", "path", "slowIos", "driveHint", "note", "sizeBytes", "disks"] as const;

/**
 * Attributes of a pool within 64 KB: of a very large one the members lose what they also tell as resources of their own,
 * then the tree is cut, which `membersCut` says.
 */
export function boundAttributes(attributes: Record<string, unknown>): Record<string, unknown> {
  let bounded = cutTexts(attributes);
  for (const name of dispensable) {
    if (sizeOf(bounded) <= mostBytes) return bounded;
    bounded = { ...bounded, members: (bounded.members as Tree[]).map((one) => without(one, name)) };
  }
  if (sizeOf(bounded) <= mostBytes) return bounded;
  const { members, ...rest } = bounded;
  const short = { ...rest, disks: [], pools: [], spares: [] };
  const shown: Tree[] = [];
  let left = mostBytes - sizeOf(short) - 100;
  for (const member of members as Tree[]) {
    left -= sizeOf(member);
    if (left < 0) break;
    shown.push(member);
  }
  return { ...short, members: shown, membersCut: true };
}

function without(tree: Tree, name: string): Tree {
  const { [name]: _, ...rest } = tree;
  return { ...rest, children: (tree.children ?? []).map((child) => without(child, name)) };
}

/** No text of a tool needs more than 2,000 characters. */
function cutTexts(attributes: Record<string, unknown>): Record<string, unknown> {
  const cut = (value: unknown) => (typeof value === "string" && value.length > 2_000 ? value.slice(0, 2_000) : value);
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, cut(value)]));
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
