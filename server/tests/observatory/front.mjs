// What stands before Postern in production: TLS on one port, and plain http that is sent on to it. Here both are the same
// port, which tells them apart by the first byte, so that nobody needs the right to listen on 80 and 443.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createHttp, request } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";

/** The first byte of a TLS handshake. */
const HANDSHAKE = 22;

/** A certificate for this machine, in a folder; gives the file that Node takes as NODE_EXTRA_CA_CERTS. */
export function makeCertificate(folder) {
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate];
  execFileSync("openssl", [...made, ...subject], { stdio: "ignore" });
  return { key, certificate };
}

/**
 * Starts it. A path may begin with what the scanner cannot do by itself: `/@portal` and `/@team` send the cookies of
 * somebody who is signed in, `/@any` says 200 in the place of whatever status there is, and changes nothing else.
 */
export async function startFront(port, upstream, { key, certificate }, cookies) {
  const forward = (incoming, outgoing) => {
    const [, as = "", path] = /^(?:\/@(portal|team|any))?(\/.*)$/.exec(incoming.url) ?? [];
    const headers = { ...incoming.headers };
    if (cookies[as]) headers.cookie = cookies[as];
    const options = { host: "127.0.0.1", port: upstream, method: incoming.method, path, headers };
    const asked = request(options, (answer) => {
      outgoing.writeHead(as === "any" ? 200 : answer.statusCode, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    asked.on("error", () => outgoing.destroy());
    incoming.pipe(asked);
  };
  const secure = createHttps({ key: readFileSync(key), cert: readFileSync(certificate) }, forward);
  const plain = createHttp((incoming, outgoing) => {
    outgoing.writeHead(301, { location: `https://${incoming.headers.host}${incoming.url}` }).end();
  });
  const front = createServer((socket) => {
    socket.once("data", (first) => {
      socket.pause();
      (first[0] === HANDSHAKE ? secure : plain).emit("connection", socket);
      socket.unshift(first);
      process.nextTick(() => socket.resume());
    });
    socket.on("error", () => socket.destroy());
  });
  await new Promise((resolve) => front.listen(port, "localhost", resolve));
  return () => {
    front.close();
    secure.closeAllConnections();
    plain.closeAllConnections();
  };
}
