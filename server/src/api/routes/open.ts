/** Every path that is open without sign-in; a test compares it with the routes. */
export const openPaths: readonly string[] = [
  "/healthz",
  "/readyz",
  "/api/v1/auth/login",
  "/install.sh",
  "/download/agent/linux-x64",
  "/download/agent/linux-x64.sha256",
  "/download/agent/linux-arm64",
  "/download/agent/linux-arm64.sha256",
];
