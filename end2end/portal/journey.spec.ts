// A client's whole visit: ask, get the mail, come in, look around, leave.

import { expect, test } from "../fixtures.js";
import { askForLink, contacts, expectHome, openLink, pressContinue, sessionCookie } from "../visits.js";

test("a client signs in by mail, sees what there is, and signs out", async ({
  page,
  context,
  mailbox,
  withScripts,
  expectGoodPage,
}) => {
  test.slow();

  await page.goto("/portal/login");
  await expectGoodPage(page);
  const mail = await askForLink(page, mailbox, contacts.ines);
  await expectGoodPage(page);
  await openLink(page, mail.links[0] ?? "", withScripts);

  await expect(page.getByRole("heading", { level: 1 })).toContainText("Open balance for Harbour Books");
  await expect(page.getByRole("heading", { name: "To pay", exact: true })).toBeVisible();
  await expectGoodPage(page);

  await page.getByRole("link", { name: "Invoices", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Invoices" })).toBeVisible();
  await expectGoodPage(page);
  await page
    .getByRole("navigation", { name: "Filter by status" })
    .getByRole("link", { name: "Paid" })
    .click();
  await expect(page).toHaveURL(/status=paid/);
  const invoices = page.getByRole("row").filter({ has: page.getByRole("link") });
  await expect(invoices.first()).toContainText("Paid");
  await expect(invoices.filter({ hasNotText: "Paid" })).toHaveCount(0);

  const invoice = invoices.first().getByRole("link");
  const number = (await invoice.textContent())?.trim() ?? "";
  await invoice.click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(number);
  await expectGoodPage(page);

  await page.getByRole("link", { name: "Payments", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Payments" })).toBeVisible();
  await expectGoodPage(page);

  await page.getByRole("link", { name: "Who has seen this" }).click();
  await expect(page.getByRole("row").filter({ hasText: "Signed in" }).first()).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: number }).first()).toContainText("Opened an invoice");
  await expectGoodPage(page);

  const session = (await context.cookies()).filter((cookie) => cookie.name === sessionCookie);
  expect(session).toHaveLength(1);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page.getByRole("button", { name: "Sign out", exact: true })).toHaveCount(0);
  await expectGoodPage(page);

  // Whoever kept a copy of the cookie has nothing.
  await context.addCookies(session);
  await page.goto("/portal");
  await expect(page).toHaveURL(/\/portal\/login/);
});

test("a link opened in another browser shows one button, and works once", async ({
  page,
  visitor,
  mailbox,
  allow,
  expectGoodPage,
}) => {
  const mail = await askForLink(page, mailbox, contacts.ines);
  const link = mail.links[0] ?? "";

  const other = await visitor();
  await other.goto(link);
  await expect(other.getByRole("main")).toContainText("Harbour Books");
  await expectGoodPage(other);
  await pressContinue(other);
  await expectHome(other);

  allow(/\b404\b/, "a used link is not found");
  const late = await visitor();
  await late.goto(link);
  await expect(late.getByLabel("E-mail address")).toBeVisible();
  await expectGoodPage(late);
});

test("a double click on the button signs in like a single one", async ({ page, visitor, mailbox, withScripts }) => {
  test.skip(!withScripts, "without scripts a browser sends what is clicked");
  const mail = await askForLink(page, mailbox, contacts.jonas);
  const other = await visitor();
  await other.goto(mail.links[0] ?? "");
  await other.getByRole("main").getByRole("button", { name: /^Sign in/ }).dblclick();
  await expectHome(other);
});
