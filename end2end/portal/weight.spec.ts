// A first visit is light, and nothing that is to be read waits for the WebAssembly.

import { expect, test } from "../fixtures.js";
import { contacts, signIn } from "../visits.js";

/** All bytes of a first visit to the portal's home: document, stylesheets, scripts, WebAssembly, icon. */
const budget = 120 * 1024;

test("a first visit to the portal's home is within its budget", async ({
  page,
  visitor,
  mailbox,
  withScripts,
}) => {
  await signIn(page, mailbox, contacts.anna, withScripts);
  const first = await visitor();
  await first.context().addCookies(await page.context().cookies());

  let bytes = 0;
  const network = await first.context().newCDPSession(first);
  await network.send("Network.enable");
  network.on("Network.loadingFinished", (event) => {
    bytes += event.encodedDataLength;
  });
  await first.goto("/portal", { waitUntil: "networkidle" });
  expect(bytes).toBeGreaterThan(1024);
  expect(bytes).toBeLessThanOrEqual(budget);
});

test("the page can be read before the WebAssembly is there", async ({
  page,
  visitor,
  mailbox,
  withScripts,
}) => {
  await signIn(page, mailbox, contacts.ines, withScripts);
  const first = await visitor();
  await first.context().addCookies(await page.context().cookies());

  // Asked for, and never answered.
  await first.route("**/*.wasm", () => {});
  await first.goto("/portal", { waitUntil: "domcontentloaded" });
  await expect(first.getByRole("heading", { level: 1 })).toContainText("Open balance");
  await expect(first.getByRole("heading", { name: "To pay", exact: true })).toBeVisible();
  await first.getByRole("link", { name: "Payments", exact: true }).click();
  await expect(first.getByRole("heading", { level: 1, name: "Payments" })).toBeVisible();
});
