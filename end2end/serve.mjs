// Serves a fresh demo for the browser tests, and leaves nothing behind:
//   node serve.mjs sqlite|postgres PORT
// POSTERN_BIN names the binary, TEST_POSTGRES_URL a PostgreSQL whose role may make databases.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [database, port] = process.argv.slice(2);
const binary = resolve(process.env.POSTERN_BIN ?? join(import.meta.dirname, "../target/debug/postern"));
const scratch = mkdtempSync(join(tmpdir(), "postern-end2end-"));

/** Runs one statement on the server that TEST_POSTGRES_URL names. */
function onPostgres(statement) {
    execFileSync("psql", ["--no-psqlrc", "--quiet", "--command", statement, process.env.TEST_POSTGRES_URL], {
        stdio: ["ignore", "ignore", "inherit"],
    });
}

/** The address of an empty database, and how to remove it. */
function emptyDatabase() {
    if (database === "sqlite") {
        return { url: `sqlite://${join(scratch, "demo.db")}`, remove() {} };
    }
    const name = `postern_end2end_${process.pid}`;
    onPostgres(`CREATE DATABASE ${name}`);
    const url = new URL(process.env.TEST_POSTGRES_URL);
    url.pathname = `/${name}`;
    return { url: url.href, remove: () => onPostgres(`DROP DATABASE ${name} WITH (FORCE)`) };
}

const { url, remove } = emptyDatabase();
const server = spawn(binary, ["demo"], {
    cwd: scratch,
    stdio: "inherit",
    env: {
        ...process.env,
        LISTEN: `127.0.0.1:${port}`,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        DATABASE_URL: url,
        // Every visitor of the tests has the same address.
        LOGIN_REQUESTS_PER_MINUTE: "10000",
    },
});

function cleanUp(code) {
    remove();
    rmSync(scratch, { recursive: true, force: true });
    process.exit(code);
}

server.on("error", (error) => {
    console.error(`${binary} could not be started: ${error.message}`);
    cleanUp(1);
});
server.on("exit", (code) => cleanUp(code ?? 0));
for (const signal of ["SIGTERM", "SIGINT"]) {
    process.on(signal, () => server.kill("SIGTERM"));
}
