// Names that are long, and names that are written from right to left: nothing is cut off or pushed aside.

import { expect, test } from "../fixtures.js";
import { contacts, firstInvoice, signIn } from "../visits.js";

const clients = [
  { contact: contacts.longNames, name: "Donaudampfschifffahrtsgesellschaft" },
  { contact: contacts.noa, name: "בית הקפה של נועה" },
];

for (const { contact, name } of clients) {
  test(`every page of ${name}`, async ({ page, mailbox, withScripts, expectGoodPage }) => {
    test.slow();
    await page.setViewportSize({ width: 390, height: 844 });
    await signIn(page, mailbox, contact, withScripts);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
    await expect(page.getByRole("contentinfo")).toContainText(name);
    await expectGoodPage(page);

    const invoice = await firstInvoice(page);
    for (const path of ["/portal/invoices", invoice, "/portal/payments", "/portal/access"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectGoodPage(page);
    }
  });
}
