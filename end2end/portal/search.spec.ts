// A search shows what it finds: while it is typed where scripts run, when it is sent everywhere.

import { expect, test } from "../fixtures.js";
import { contacts, signIn } from "../visits.js";

test("a search narrows the list", async ({ page, mailbox, withScripts }) => {
  await signIn(page, mailbox, contacts.jonas, withScripts);
  await page.goto("/portal/invoices");
  const field = page.getByRole("searchbox", { name: /^Search by number/ });
  const rows = page.getByRole("row").filter({ has: page.getByRole("link") });
  const all = await rows.count();

  await field.fill("winter");
  if (!withScripts) {
    await field.press("Enter");
  }
  await expect(page).toHaveURL("/portal/invoices?q=winter");
  await expect(rows.filter({ hasNotText: /winter/i })).toHaveCount(0);
  expect(await rows.count()).toBeGreaterThan(0);
  expect(await rows.count()).toBeLessThan(all);
  await expect(field).toHaveValue("winter");

  // What is shown has an address, so it survives a reload.
  await page.reload();
  await expect(field).toHaveValue("winter");
  await expect(rows.filter({ hasNotText: /winter/i })).toHaveCount(0);
});
