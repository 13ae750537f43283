// Every kind of page gets A+ from MDN's HTTP Observatory, by its own scanner and its own grades. The server is a demo of
// its own, which believes to be behind TLS, and is.
// POSTERN_BIN names the binary.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttp, request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { freePort, until } from "../starting.mjs";
import { makeCertificate, startFront } from "./front.mjs";

const run = promisify(execFile);
const here = import.meta.dirname;
const binary = resolve(process.env.POSTERN_BIN ?? join(here, "../../../target/debug/postern"));
const scratch = mkdtempSync(join(tmpdir(), "postern-observatory-"));

let demo;
let stopFront = () => {};
let port = 0;
let site = "";
let certificate = "";
const cookies = { portal: "", team: "" };

/** A request as the front would send it on: by the name under which the server is known. */
function ask(method, path, { cookie = "", fields } = {}) {
  const body = fields ? new URLSearchParams(fields).toString() : "";
  const type = "application/x-www-form-urlencoded";
  const headers = { host: site, origin: `https://${site}`, cookie, "content-type": type, "content-length": body.length };
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part));
      answer.on("end", () => {
        const cookies = (answer.headers["set-cookie"] ?? []).map((set) => set.split(";")[0]).join("; ");
        resolve({ status: answer.statusCode, text, cookies });
      });
    });
    asked.on("error", reject).end(body);
  });
}

async function post(path, fields, cookie = "") {
  const answer = await ask("POST", path, { fields, cookie });
  assert.equal(answer.status, 303, `${path}: ${answer.status} ${answer.text}`);
  return answer;
}

const text = async (path, cookie = "") => (await ask("GET", path, { cookie })).text;

before(async () => {
  port = await freePort();
  const tls = await freePort();
  site = `localhost:${tls}`;
  demo = spawn(binary, ["demo"], {
    cwd: scratch,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      LISTEN: `127.0.0.1:${port}`,
      PUBLIC_URL: `https://${site}`,
      DATABASE_URL: `sqlite://${join(scratch, "demo.db")}`,
      // With a key of Stripe, as where money moves, nothing is simulated: the demo's simulation is on this machine, and
      // forms lead there by plain http.
      STRIPE_SECRET_KEY: "sk_test_observatory",
      STRIPE_WEBHOOK_SECRET: "whsec_observatory",
      LOG: "error",
    },
  });
  await until("the demo", async () => (await ask("GET", "/readyz")).status === 200);
  const mara = { email: "mara@juniperfinch.example", password: "juniper and finch" };
  cookies.team = (await post("/app/login", mara)).cookies;
  const form = await ask("GET", "/portal/login");
  await post("/portal/login", { email: "ines@harbourbooks.example" }, form.cookies);
  const link = await until("the mail", async () => {
    const list = await text("/dev/mail");
    const [mail] = /\/dev\/mail\/[0-9a-f-]{36}/.exec(list) ?? [];
    return mail && /\/portal\/link\/[\w-]+/.exec(await text(mail))?.[0];
  });
  cookies.portal = (await post(link, {})).cookies;
  const made = makeCertificate(scratch);
  certificate = made.certificate;
  stopFront = await startFront(tls, port, made, cookies);
});

after(async () => {
  stopFront();
  const ended = new Promise((resolve) => demo.once("exit", resolve));
  demo.kill("SIGTERM");
  await ended;
  rmSync(scratch, { recursive: true, force: true });
});

test("every kind of page gets A+", async () => {
  const invoices = await text("/portal/invoices", cookies.portal);
  const [, invoice] = /\/portal\/invoices\/([0-9a-f-]{36})/.exec(invoices) ?? [];
  const [share] = /\/i\/[\w-]{20,}/.exec(await text(`/app/invoices/${invoice}`, cookies.team)) ?? [];
  assert.ok(invoice && share, "an invoice and its link");
  const [client] = /\/app\/clients\/[0-9a-f-]{36}/.exec(await text("/app/clients", cookies.team)) ?? [];
  const logo = /\/brand\/[\w-]+\/[0-9a-f]{64}/.exec(invoices)?.[0];
  const paths = [
    "/portal/login",
    "/portal/login/sent",
    "/portal/signed-out",
    "/app/login",
    "/app/forgot",
    share,
    `${share}/pdf`,
    "/@portal/portal",
    "/@portal/portal/invoices",
    `/@portal/portal/invoices/${invoice}`,
    `/@portal/portal/invoices/${invoice}/pdf`,
    "/@portal/portal/statement",
    "/@portal/portal/statement.csv",
    "/@portal/portal/access",
    "/@team/app",
    "/@team/app/clients",
    `/@team${client}`,
    `/@team/app/invoices/${invoice}`,
    "/@team/app/activity",
    "/@team/app/settings",
    "/@team/app/graphql",
    "/@any/nowhere",
    "/@any/portal/link/x",
    "/@any/i/x",
    "/@any/app/sign-out",
    "/@any/graphql",
    "/healthz",
    logo,
  ].filter(Boolean);
  assert.ok(paths.length >= 27, `${paths.length} kinds of pages`);
  const { stdout } = await run("node", [join(here, "scan.mjs"), ...paths.map((path) => site + path)], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
    maxBuffer: 64 * 1024 * 1024,
  });
  const found = JSON.parse(stdout);
  const short = ({ site: at, grade, score, failed }) => `${grade} ${score} ${at.slice(site.length)} ${failed.join(", ")}`;
  assert.equal(found.length, paths.length);
  assert.deepEqual(found.filter(({ grade, failed }) => grade !== "A+" || failed.length > 0).map(short), []);
  const scores = found.map(({ score }) => score);
  console.log(`proof: MDN HTTP Observatory, every kind of page | ${found.length} pages, all A+, ${Math.min(...scores)} to ${Math.max(...scores)} points`);
});

test("the scanner would notice", async () => {
  // The same front before something that sends no headers at all.
  const bare = createHttp((_, answer) => answer.setHeader("content-type", "text/html").end("<script src=//evil.test></script>"));
  await new Promise((resolve) => bare.listen(0, "127.0.0.1", resolve));
  const tls = await freePort();
  const stop = await startFront(tls, bare.address().port, makeCertificate(scratch), {});
  try {
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(scratch, "certificate.pem") };
    const { stdout } = await run("node", [join(here, "scan.mjs"), `localhost:${tls}/`], { env });
    assert.equal(JSON.parse(stdout)[0].grade, "F");
  } finally {
    stop();
    bare.close();
  }
});
