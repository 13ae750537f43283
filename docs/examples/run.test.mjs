// Runs every example against a demo of its own: the types are made from the schema, the programs do what they say, and the
// endpoint is what the specification of GraphQL over HTTP wants.
// POSTERN_BIN names the binary.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { buildClientSchema, buildSchema, getIntrospectionQuery } from "graphql";
import { auditServer } from "graphql-http";
import { freePort, until } from "../../server/tests/starting.mjs";

const run = promisify(execFile);
const here = import.meta.dirname;
const binary = resolve(process.env.POSTERN_BIN ?? join(here, "../../target/debug/postern"));
const scratch = mkdtempSync(join(tmpdir(), "postern-examples-"));

/** @type {import("node:child_process").ChildProcess} */
let demo;
let url = "";
let token = "";

/** A form of a page of ours. */
async function post(path, fields, cookie = "") {
  return fetch(url + path, {
    method: "POST",
    redirect: "manual",
    headers: { origin: url, cookie, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields),
  });
}

async function graphql(query) {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const answer = await response.json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer));
  return answer.data;
}

before(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  demo = spawn(binary, ["demo"], {
    cwd: scratch,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      LISTEN: `127.0.0.1:${port}`,
      PUBLIC_URL: url,
      DATABASE_URL: `sqlite://${join(scratch, "demo.db")}`,
      // The receiver of the example is on this machine.
      WEBHOOK_TARGETS: "any",
      API_REQUESTS_PER_MINUTE: "10000",
      LOG: "error",
    },
  });
  await until("the demo", async () => (await fetch(`${url}/readyz`)).ok);
  const signedIn = await post("/app/login", { email: "mara@juniperfinch.example", password: "juniper and finch" });
  assert.equal(signedIn.status, 303);
  const cookie = signedIn.headers.getSetCookie().map((set) => set.split(";")[0]).join("; ");
  const all = { clients: "write", invoices: "write", payments: "write", activity: "read", settings: "write" };
  const made = await post("/app/settings/tokens", { name: "Examples", days: "30", ...all }, cookie);
  assert.equal(made.status, 201);
  token = /pst_[0-9A-Za-z]{49}/.exec(await made.text())?.[0] ?? "";
  assert.notEqual(token, "");
});

after(async () => {
  const ended = new Promise((resolve) => demo.once("exit", resolve));
  demo.kill("SIGTERM");
  await ended;
  rmSync(scratch, { recursive: true, force: true });
});

const environment = () => ({ ...process.env, POSTERN_URL: url, POSTERN_TOKEN: token });

test("the schema breaks nothing that was released", async () => {
  await run("npm", ["run", "--silent", "breaking"], { cwd: here });
});

test("graphql-codegen makes types without a warning, and TypeScript takes them", async () => {
  const { stdout, stderr } = await run("npm", ["run", "--silent", "types"], { cwd: here, env: { ...process.env, CI: "1" } });
  assert.ok(!/warn|error/i.test(stdout + stderr), stdout + stderr);
  await run("npx", ["tsc"], { cwd: here });
});

test("the TypeScript example lists and bills", async () => {
  const { stdout } = await run("node", ["build/invoices.js"], { cwd: here, env: environment() });
  assert.match(stdout, /^\S+ {2}.+ {2}\S+ due \d{4}-\d\d-\d\d$/m);
  assert.match(stdout, /^\d+ open$/m);
  assert.match(stdout, /^draft [0-9a-f-]{36}, version 2, 0 problems$/m);
});

test("the Python example lists and exports", async () => {
  const { stdout } = await run("python3", ["invoices.py"], { cwd: here, env: environment() });
  assert.match(stdout, /since \d{4}-\d\d-\d\d; ask \S+@/);
  assert.match(stdout, /^\d+ payments$/m);
});

test("the curl example asks, adds once and exports", async () => {
  const { stdout } = await run("bash", ["invoices.sh"], { cwd: here, env: environment() });
  const lines = stdout.trim().split("\n");
  assert.match(lines[0] ?? "", /"orgName":"Juniper & Finch"/);
  const ids = lines.filter((line) => line.includes("teamSaveClient")).map((line) => JSON.parse(line).data.teamSaveClient.id);
  assert.ok(ids.length === 2 && ids[0] && ids[0] === ids[1], stdout);
  assert.match(stdout, /^Number,Status,Client,/m);
});

test("the library of Standard Webhooks takes our signatures", async () => {
  const port = await freePort();
  const saved = await graphql(
    `mutation { teamSaveWebhook(input: { url: "http://127.0.0.1:${port}/", events: [INVOICE_PAID] }) { id } }`,
  );
  const id = saved.teamSaveWebhook.id;
  const { team } = await graphql("{ team { webhooks { id secret } } }");
  const secret = team.webhooks.find((webhook) => webhook.id === id).secret;
  const receiver = spawn("node", ["build/webhook.js"], {
    cwd: here,
    env: { ...process.env, PORT: String(port), POSTERN_WEBHOOK_SECRET: secret },
  });
  let said = "";
  receiver.stdout.on("data", (chunk) => (said += chunk));
  try {
    await until("the receiver", async () => said.includes("listening"));
    await graphql(`mutation { teamTestWebhook(id: "${id}") }`);
    await until("the webhook", async () => said.includes("webhook.test"));
  } finally {
    receiver.kill();
    await graphql(`mutation { teamRemoveWebhook(id: "${id}") }`);
  }
});

test("what every tool asks about the schema is answered, and is the file in the repository", async () => {
  const options = { descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true };
  const schema = buildClientSchema(await graphql(getIntrospectionQuery(options)));
  const file = buildSchema(readFileSync(join(here, "../../server/schema.graphql"), "utf8"));
  const types = (of) => Object.keys(of.getTypeMap()).filter((name) => name.startsWith("Team") && !name.startsWith("TeamToken")).sort();
  assert.deepEqual(types(schema), types(file));
});

test("the endpoint is what the specification of GraphQL over HTTP wants", async () => {
  const results = await auditServer({
    url: `${url}/graphql`,
    fetchFn: (target, init) => fetch(target, { ...init, headers: { authorization: `Bearer ${token}`, ...init?.headers } }),
  });
  // A notice is about what a server may do and we do not: run GET requests.
  const wrong = results.filter((result) => !["ok", "notice"].includes(result.status)).map((result) => `${result.status}: ${result.name}`);
  assert.ok(results.length > 40);
  assert.deepEqual(wrong, []);
});

/**
 * Sends a file and gives the status of the answer. The answer comes while most of the file is still to be sent, and the
 * connection ends with it: whoever is busy sending may see the end (55, 56) and not the answer. Sent again, it is seen.
 */
async function pour(file, ...headers) {
  const sent = ["content-type: application/json", `authorization: Bearer ${token}`, "expect:", ...headers];
  const options = sent.flatMap((header) => ["--header", header]);
  const asked = ["--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--data-binary", `@${file}`];
  for (let tries = 1; ; tries += 1) {
    try {
      const { stdout } = await run("curl", [...asked, ...options, `${url}/graphql`]);
      return Number(stdout);
    } catch (error) {
      if (![55, 56].includes(error.code) || tries === 20) {
        throw error;
      }
    }
  }
}

test("bodies of 100 MB are refused and never held", { skip: process.platform !== "linux" && "reads /proc" }, async () => {
  const status = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${demo.pid}/status`, "utf8"))?.[1]);
  // 5 sets the peak to what is used now.
  writeFileSync(`/proc/${demo.pid}/clear_refs`, "5");
  const before = status("VmHWM");
  const file = join(scratch, "body");
  writeFileSync(file, Buffer.alloc(100_000_000, "x"));
  const chunked = "transfer-encoding: chunked";
  const answers = await Promise.all([pour(file), pour(file, chunked), pour(file, chunked), pour(file)]);
  assert.deepEqual(answers, [413, 413, 413, 413]);
  const grown = status("VmHWM") - before;
  assert.ok(before > 0 && grown < 20 * 1024, `${grown} KiB`);
});
