// What tests need that start a server: a port for it, and to wait until it is there.

import { createServer } from "node:net";

/** A port that nobody has. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until something is so, and gives what was waited for. */
export async function until(what, isSo) {
  for (let tries = 0; tries < 300; tries += 1) {
    const found = await isSo().catch(() => undefined);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited for ${what} in vain`);
}
