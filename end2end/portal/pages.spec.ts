// Every page that the journeys do not pass on their way: no barrier, no sideways scrolling, whatever it shows.

import { expect, test } from "../fixtures.js";
import { askForLink, contacts, signIn } from "../visits.js";

test("each filter and each list", async ({ page, mailbox, allow, withScripts, expectGoodPage }) => {
  test.slow();
  await signIn(page, mailbox, contacts.jonas, withScripts);

  await page.goto("/portal/invoices");
  const filters = page.getByRole("navigation", { name: "Filter by status" });
  for (const name of ["Open", "Overdue", "Paid", "Void", "All"]) {
    await filters.getByRole("link", { name, exact: true }).click();
    await expect(filters.locator('[aria-current="true"]')).toHaveText(name);
    await expect(page.getByRole("table", { name: "Invoices" })).toBeVisible();
    await expectGoodPage(page);
  }

  await page.goto("/portal/invoices?q=nothing-is-called-that");
  await expect(page.getByRole("main")).toContainText("Nothing found");
  await expectGoodPage(page);

  allow(/\b404\b/, "the page under test is not there");
  expect((await page.goto("/portal/invoices/00000000-0000-7000-8000-000000000000"))?.status()).toBe(404);
  await expectGoodPage(page);
});

test("a client without any invoice", async ({ page, mailbox, withScripts, expectGoodPage }) => {
  await signIn(page, mailbox, contacts.yusuf, withScripts);
  await expect(page.getByRole("heading", { level: 1, name: "No invoices yet" })).toBeVisible();
  await expectGoodPage(page);
  for (const path of ["/portal/invoices", "/portal/payments"]) {
    await page.goto(path);
    await expect(page.getByRole("main")).toContainText("yet");
    await expectGoodPage(page);
  }
});

test("a malformed address is explained and kept", async ({ page, allow, expectGoodPage }) => {
  allow(/\b422\b/, "the address is refused");
  await page.goto("/portal/login");
  // What the browser takes for an address and mail servers do not.
  await page.getByLabel("E-mail address").fill("ines@harbourbooks");
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("E-mail address")).toHaveValue("ines@harbourbooks");
  await expectGoodPage(page);
});

test("sessions end one by one and all at once", async ({ page, visitor, mailbox, withScripts, expectGoodPage }) => {
  const elsewhere = await visitor();
  await signIn(elsewhere, mailbox, contacts.nils, withScripts);
  await signIn(page, mailbox, contacts.nils, withScripts);

  await page.goto("/portal/access");
  const others = page.getByRole("button", { name: /^End the session/ });
  const before = await others.count();
  expect(before).toBeGreaterThan(0);
  await expectGoodPage(page);
  await others.first().click();
  await expect(others).toHaveCount(before - 1);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page.getByRole("main")).toContainText("on every device");
  await expectGoodPage(page);

  await elsewhere.goto("/portal");
  await expect(elsewhere).toHaveURL(/\/portal\/login/);
});

test("the demo's mailbox", async ({ page, mailbox, allow, expectGoodPage }) => {
  await askForLink(page, mailbox, contacts.mara);
  await page.goto("/dev/mail");
  await expectGoodPage(page);
  await page.getByRole("main").getByRole("listitem").first().getByRole("link").click();
  await expect(page.getByRole("heading", { name: "Links in this mail" })).toBeVisible();

  // No script runs in the frame, so neither Playwright's recorder nor axe can look into it.
  allow(/^console error: Blocked script execution in .*\/html'/, "the frame lets nobody run a script");
  const frame = page.getByTitle("The mail as HTML");
  await expect(frame).toBeVisible();
  await frame.evaluate((element) => element.remove());
  await expectGoodPage(page);
});
