// The keyboard alone: past the navigation, to an invoice, into it.

import { expect, test } from "../fixtures.js";
import { contacts, signIn } from "../visits.js";

test("an invoice is opened by keyboard", async ({ page, mailbox, withScripts }) => {
  await signIn(page, mailbox, contacts.jonas, withScripts);
  await page.goto("/portal");

  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();

  // The balance's own buttons come first, then the invoices.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("main").getByRole("button", { name: /^Pay / }).first()).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Other ways to pay", exact: true })).toBeFocused();
  await page.keyboard.press("Tab");
  const invoice = page.getByRole("region", { name: "To pay", exact: true }).getByRole("link").first();
  await expect(invoice).toBeFocused();
  const number = (await invoice.textContent())?.trim() ?? "";
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Invoice ${number}`);
});
