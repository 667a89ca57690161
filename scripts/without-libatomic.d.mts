export function withoutLibatomic(binary: Buffer): Buffer;
export function writeWithoutLibatomic(source: string, target: string): void;
