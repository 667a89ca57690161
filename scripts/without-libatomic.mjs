// Makes a Node binary that runs where libatomic.so.1 is not installed, as on most servers. Plain JavaScript for any Node
// from 20 on, since `npm start` may need it before the pinned Node can run.
//
// The official binaries need that library for one function, which V8 calls with a size of 8 bytes only. Its code goes into
// the unused end of the last executable page, the symbol is bound to it (hidden: the loader then asks no library), and the
// library's entries are taken off the lists of needed files and versions. See docs/adr/0006-no-libatomic.md.
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

/** `bool __atomic_compare_exchange(8, ptr, expected, desired, ...)`, sequentially consistent; any other size traps. */
const code = {
  // cmp $8,%rdi; jne 1f; mov (%rcx),%r8; mov (%rdx),%rax; lock cmpxchg %r8,(%rsi); je 2f; mov %rax,(%rdx);
  // 2: sete %al; movzbl %al,%eax; ret; 1: ud2
  x64: "4883ff0875174c8b01488b02f04c0fb10674034889020f94c00fb6c0c30f0b",
  // cmp x0,#8; b.ne 1f; ldr x4,[x3]; ldr x5,[x2]; 3: ldaxr x6,[x1]; cmp x6,x5; b.ne 2f; stlxr w7,x4,[x1]; cbnz w7,3b;
  // mov w0,#1; ret; 2: clrex; str x6,[x2]; mov w0,#0; ret; 1: brk #1
  arm64:
    "1f2000f1c1010054640040f9450040f926fc5fc8df0005eba100005424fc07c887ffff3520008052c0035fd65f3f03d5460000f900008052c0035fd6200020d4",
};

/** The binaries whose calls were looked at; another one is left as it is. */
const known = {
  ab9c8eecf9f82d6693cdc3accced17034065c8d96213b0aa76a7e803d20ae1da: "x64",
  "71b004f18a82f3ea8f26109798564a12e5e4c7989a4c35b93851830b5815dd03": "arm64",
};

const symbolName = "__atomic_compare_exchange";
const library = "libatomic.so.1";

/** The changed binary. Throws for one that it does not know. */
export function withoutLibatomic(binary) {
  const arch = known[createHash("sha256").update(binary).digest("hex")];
  if (arch === undefined) throw new Error("not a Node binary that this was made for");
  const elf = Buffer.from(binary);
  const u64 = (at) => Number(elf.readBigUInt64LE(at));
  const put64 = (at, value) => elf.writeBigUInt64LE(BigInt(value), at);

  // Program headers (elf(5)): type 1 is LOAD, 2 DYNAMIC; flag 1 is executable.
  const headers = Array.from({ length: elf.readUInt16LE(56) }, (_, i) => u64(32) + i * elf.readUInt16LE(54));
  const loads = headers.filter((at) => elf.readUInt32LE(at) === 1);
  const fileAt = (address) => {
    const load = loads.find((at) => address >= u64(at + 16) && address < u64(at + 16) + u64(at + 32));
    if (load === undefined) throw new Error(`address ${address} is not in the file`);
    return address - u64(load + 16) + u64(load + 8);
  };

  // Code behind the executable segment, which grows by it.
  const text = loads.find((at) => (elf.readUInt32LE(at + 4) & 1) === 1);
  const bytes = Buffer.from(code[arch], "hex");
  const end = u64(text + 8) + u64(text + 32);
  const start = Math.ceil(end / 16) * 16;
  const next = Math.min(...loads.map((at) => u64(at + 8)).filter((offset) => offset >= end));
  if (start + bytes.length > next || elf.subarray(end, start + bytes.length).some((b) => b !== 0)) {
    throw new Error("no room behind the code");
  }
  bytes.copy(elf, start);
  const size = u64(text + 32) + (start + bytes.length - end);
  put64(text + 32, size);
  put64(text + 40, size);
  const address = start - u64(text + 8) + u64(text + 16);

  // Dynamic entries: 1 NEEDED, 5 STRTAB, 6 SYMTAB, 0x6ffffff0 VERSYM, 0x6ffffffe VERNEED, 0x6fffffff VERNEEDNUM.
  const dynamic = u64(headers.find((at) => elf.readUInt32LE(at) === 2) + 8);
  const entries = [];
  for (let at = dynamic; u64(at) !== 0; at += 16) entries.push({ tag: u64(at), value: u64(at + 8), at });
  const dynamicValue = (tag) => entries.find((e) => e.tag === tag).value;
  const strings = fileAt(dynamicValue(5));
  const stringAt = (offset) => elf.toString("latin1", strings + offset, elf.indexOf(0, strings + offset));

  // The library's name gives way to that of one that is needed anyway.
  const needed = entries.filter((e) => e.tag === 1);
  const ours = needed.find((e) => stringAt(e.value) === library);
  const other = needed.find((e) => e !== ours);
  put64(ours.at + 8, other.value);

  // Versions: unlink the library's entry from the chain (file at 4, next at 12).
  const list = entries.find((e) => e.tag === 0x6ffffffe);
  const count = entries.find((e) => e.tag === 0x6fffffff);
  let before;
  for (let at = fileAt(list.value); ; ) {
    const step = elf.readUInt32LE(at + 12);
    if (stringAt(elf.readUInt32LE(at + 4)) === library) {
      if (before === undefined) put64(list.at + 8, list.value + step);
      else elf.writeUInt32LE(step === 0 ? 0 : at + step - before, before + 12);
      put64(count.at + 8, count.value - 1);
      break;
    }
    if (step === 0) throw new Error(`no version of ${library}`);
    before = at;
    at += step;
  }

  // The symbol: hidden, at our code, of no library's version. Undefined ones come first in the table.
  const symbols = fileAt(dynamicValue(6));
  let index = 1;
  while (stringAt(elf.readUInt32LE(symbols + index * 24)) !== symbolName) index++;
  const symbol = symbols + index * 24;
  if (elf.readUInt16LE(symbol + 6) !== 0) throw new Error(`${symbolName} is not undefined`);
  elf[symbol + 5] = 2;
  elf.writeUInt16LE(1, symbol + 6);
  put64(symbol + 8, address);
  put64(symbol + 16, bytes.length);
  elf.writeUInt16LE(0, fileAt(dynamicValue(0x6ffffff0)) + index * 2);
  return elf;
}

/** Writes the changed binary to `target`, executable, in one step. */
export function writeWithoutLibatomic(source, target) {
  const binary = withoutLibatomic(readFileSync(source));
  mkdirSync(dirname(target), { recursive: true });
  const half = `${target}.${process.pid}`;
  writeFileSync(half, binary);
  chmodSync(half, 0o755);
  renameSync(half, target);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeWithoutLibatomic(process.argv[2], process.argv[3]);
}
