/** A command's arguments as people and the audit log see them: of what is sealed, its size alone. */
export function shownArgs(args: Record<string, unknown>): Record<string, unknown> {
  const { sealed } = args;
  if (typeof sealed !== "string" || sealed === "") return args;
  return { ...args, sealed: `sealed, ${sealed.length} characters` };
}
