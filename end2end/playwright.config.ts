// Three runs of the same journeys, each against a demo of its own: with JavaScript, without it, and on
// PostgreSQL where TEST_POSTGRES_URL names one.

import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";
import type { Guards } from "./fixtures.js";

const firstPort = Number(process.env.E2E_PORT ?? 4310);
const onPostgres = Boolean(process.env.TEST_POSTGRES_URL);

const runs = [
  { name: "javascript", database: "sqlite", javaScriptEnabled: true },
  { name: "no-javascript", database: "sqlite", javaScriptEnabled: false },
  ...(onPostgres ? [{ name: "postgres", database: "postgres", javaScriptEnabled: true }] : []),
]
  // The port after each demo's is where it simulates Stripe.
  .map((run, index) => ({ ...run, port: firstPort + 2 * index }))
  .map((run) => ({ ...run, url: `http://127.0.0.1:${run.port}` }));

const chromium = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path && existsSync(path),
);

export default defineConfig<Guards>({
  testDir: ".",
  // A magic link that is used ends the others of its contact, so one journey follows the other.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: [["list"], ["./proof.ts"]],
  timeout: 30_000,
  expect: { timeout: 7_000 },
  use: {
    trace: "retain-on-failure",
    locale: "en-GB",
    timezoneId: "UTC",
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: runs.map((run) => ({
    name: run.name,
    use: { baseURL: run.url, javaScriptEnabled: run.javaScriptEnabled },
  })),
  webServer: runs.map((run) => ({
    name: run.name,
    command: `node serve.mjs ${run.database} ${run.port}`,
    url: `${run.url}/portal/login`,
    reuseExistingServer: false,
    timeout: 60_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
    stdout: "ignore",
    stderr: "pipe",
  })),
});
