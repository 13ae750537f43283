// Receives webhooks and checks their signatures with the library of Standard Webhooks.
//   PORT=4000 POSTERN_WEBHOOK_SECRET=whsec_… node build/webhook.js

import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const secret = process.env.POSTERN_WEBHOOK_SECRET ?? "";
const seen = new Set<string>();

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const header = (name: string): string => String(request.headers[name] ?? "");
    try {
      const event = new Webhook(secret).verify(Buffer.concat(chunks).toString("utf8"), {
        "webhook-id": header("webhook-id"),
        "webhook-timestamp": header("webhook-timestamp"),
        "webhook-signature": header("webhook-signature"),
      }) as { id: string; type: string };
      // The same event may come more than once, and always under the same id.
      if (!seen.has(event.id)) {
        seen.add(event.id);
        console.log(event.type);
      }
      response.writeHead(204).end();
    } catch {
      response.writeHead(400).end("not signed by the secret");
    }
  });
}).listen(Number(process.env.PORT ?? 4000), "127.0.0.1", () => console.log("listening"));
