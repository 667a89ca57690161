const secretName = /pass(word|wd|phrase)?|secret|token|api_?key|private_?key|access_?key|credential|auth|cookie|dsn/i;
const hidden = "(not shown)";

/** "NAME=value" without the value of one whose name or form tells that it is a secret. */
export function maskedVariable(entry: string): string {
  const at = entry.indexOf("=");
  if (at < 0) return entry;
  const name = entry.slice(0, at);
  const value = entry.slice(at + 1);
  // A path to a secret, as in POSTGRES_PASSWORD_FILE, is none.
  if (secretName.test(name) && !(/_FILE$/i.test(name) && value.startsWith("/"))) return `${name}=${hidden}`;
  return `${name}=${maskedText(value)}`;
}

/** Words of a command without the values of options like --password. */
export function maskedWords(words: readonly string[]): string[] {
  return words.map((word, i) => {
    const option = /^(--?[\w.-]+)=/.exec(word)?.[1];
    if (option !== undefined && secretName.test(option)) return `${option}=${hidden}`;
    const before = words[i - 1] ?? "";
    if (/^--?[\w.-]+$/.test(before) && secretName.test(before) && !word.startsWith("-")) return hidden;
    return maskedText(word);
  });
}

/** A label without a value that is a secret. */
export function maskedLabel(name: string, value: string): string {
  return secretName.test(name) ? hidden : maskedText(value);
}

/** Passwords in addresses, and private keys. */
function maskedText(text: string): string {
  if (text.includes("PRIVATE KEY-----")) return hidden;
  return text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi, `$1:${hidden}@`);
}
