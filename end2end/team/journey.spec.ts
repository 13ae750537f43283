// From sign-up to a contact who stands in the portal, in two browsers: the freelancer and the client.

import { expect, test } from "../fixtures.js";
import { askForLink, contacts, openLink } from "../visits.js";
import { owner, signInToTeam } from "./desk.js";

test("a freelancer signs up, forgets the password, and sets a new one", async ({
  page,
  visitor,
  mailbox,
  allow,
  expectGoodPage,
}, testInfo) => {
  test.slow();
  const email = `noor.${testInfo.project.name}@linden.example`;

  await page.goto("/app/clients");
  await expect(page).toHaveURL(/\/app\/login/);
  await expectGoodPage(page);
  await page.getByRole("link", { name: "Set up a new organisation" }).click();
  await expectGoodPage(page);

  allow(/\b422\b/, "a form that cannot be used comes back");
  await page.getByLabel("Your name").fill("Noor Linden");
  await page.getByLabel("Your organisation").fill("Linden & Daughters");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill("aaaaaaaaaaaaa");
  await page.getByRole("button", { name: "Send me the link" }).click();
  await expect(page.getByText("the same few characters")).toBeVisible();
  await expect(page.getByLabel("Your organisation")).toHaveValue("Linden & Daughters");
  await expectGoodPage(page);

  const welcome = await mailbox.textDuring(email, async () => {
    await page.getByLabel("Password").fill("three small lindens");
    await page.getByRole("button", { name: "Send me the link" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Look into your mail" })).toBeVisible();
  });
  await expectGoodPage(page);
  await page.goto(linkIn(welcome, "/app/sign-up/"));
  await expect(page.getByRole("main")).toContainText("Linden & Daughters");
  await expectGoodPage(page);
  await page.getByLabel("Password").fill("four small lindens");
  await page.getByRole("button", { name: "Open my organisation" }).click();
  await expect(page.getByRole("alert")).toContainText("not the password that was chosen");
  await expectGoodPage(page);
  await page.getByLabel("Password").fill("three small lindens");
  await page.getByRole("button", { name: "Open my organisation" }).click();
  await expect(page.getByText("Three steps to your first payment")).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("button", { name: "Sign out" }).click();

  const other = await visitor();
  const reset = await mailbox.textDuring(email, async () => {
    await other.goto("/app/forgot");
    await expectGoodPage(other);
    await other.getByLabel("E-mail address").fill(email);
    await other.getByRole("button", { name: "Send me the link" }).click();
    await expect(other.getByRole("heading", { level: 1, name: "Look into your mail" })).toBeVisible();
  });
  const link = linkIn(reset, "/app/reset/");
  await other.goto(link);
  await expectGoodPage(other);
  await other.getByLabel("New password").fill("four small lindens");
  await other.getByRole("button", { name: "Set it and sign in" }).click();
  await expect(other.getByText("Three steps to your first payment")).toBeVisible();

  allow(/\b404\b/, "a used link is not found");
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1, name: "This link no longer works" })).toBeVisible();
  await expectGoodPage(page);
  await page.goto("/app/login");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill("three small lindens");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("do not fit together");
  await expect(page.getByLabel("E-mail address")).toHaveValue(email);
  await expectGoodPage(page);
});

test("a member adds a client with a contact, and the contact stands in the portal", async ({
  page,
  visitor,
  mailbox,
  withScripts,
  allow,
  expectGoodPage,
}, testInfo) => {
  test.slow();
  const email = `sol.${testInfo.project.name}@weaver.example`;

  await signInToTeam(page);
  await page.getByRole("link", { name: "Clients", exact: true }).click();
  await expect(page.getByRole("row").filter({ hasText: "Harbour Books" })).toContainText("overdue");
  await expectGoodPage(page);

  await page.getByRole("link", { name: "New client" }).click();
  await expectGoodPage(page);
  allow(/\b422\b/, "a form that cannot be used comes back");
  await page.getByLabel("Name").fill("Weaver & Loom");
  await page.getByLabel("Billing address").fill("3 Mill Lane\nLeeds");
  await page.getByLabel("Currency").fill("XXX");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("no currency code")).toBeVisible();
  await expect(page.getByLabel("Billing address")).toHaveValue("3 Mill Lane\nLeeds");
  await expectGoodPage(page);
  await page.getByLabel("Currency").fill("GBP");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Weaver & Loom" })).toBeVisible();
  await expect(page.getByText("Nobody yet")).toBeVisible();
  await expectGoodPage(page);

  await page.getByRole("link", { name: "Add a contact" }).click();
  await expectGoodPage(page);
  await page.getByLabel("Name").fill("Sol Weaver");
  await page.getByLabel("E-mail address").fill(email);
  await expect(page.getByLabel("Portal access")).toBeChecked();
  await page.getByRole("button", { name: "Save" }).click();
  const person = page.getByRole("listitem").filter({ hasText: "Sol Weaver" });
  await expect(person).toContainText("Has never signed in");

  const client = await visitor();
  const mail = await askForLink(client, mailbox, email);
  await openLink(client, mail.links[0] ?? "", withScripts);
  await expect(client.getByRole("heading", { level: 1, name: "No invoices yet" })).toBeVisible();

  await page.reload();
  await expect(person).toContainText("Last signed in");
  await expectGoodPage(page);
  await person.getByRole("button", { name: "Switch access off" }).click();
  await expect(person).toContainText("No access");
  await client.reload();
  await expect(client.getByRole("heading", { level: 1, name: "No invoices yet" })).toBeVisible();
  await person.getByRole("button", { name: "End 1 session now" }).click();
  await expect(person.getByRole("button", { name: "End 1 session now" })).toHaveCount(0);
  await client.reload();
  await expect(client).toHaveURL(/\/portal\/login/);

  await person.getByRole("link", { name: "Sol Weaver" }).click();
  await expectGoodPage(page);
  await page.getByRole("button", { name: "Remove this contact" }).click();
  await expect(page.getByText("Nobody yet")).toBeVisible();
  await page.getByRole("button", { name: "Archive this client" }).click();
  await expect(page.getByText("Archived since")).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("link", { name: "Clients", exact: true }).first().click();
  await expect(page.getByRole("row").filter({ hasText: "Weaver & Loom" })).toHaveCount(0);
  await page.getByRole("link", { name: "Archived" }).click();
  await expect(page.getByRole("row").filter({ hasText: "Weaver & Loom" })).toBeVisible();
});

test("a payment by hand is recorded, seen by the client, and taken back", async ({
  page,
  visitor,
  mailbox,
  withScripts,
  allow,
  expectGoodPage,
}) => {
  test.slow();
  const client = await visitor();
  const mail = await askForLink(client, mailbox, contacts.nils);
  await openLink(client, mail.links[0] ?? "", withScripts);

  await signInToTeam(page);
  await page.getByRole("link", { name: "Invoices", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Invoices" })).toBeVisible();
  await expectGoodPage(page);
  await page.goto("/app/invoices?status=open&q=norra");
  const invoice = page.getByRole("row").filter({ has: page.getByRole("link") }).last();
  const number = (await invoice.getByRole("link").textContent())?.trim() ?? "";
  await invoice.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: number })).toBeVisible();
  await expectGoodPage(page);

  allow(/\b422\b/, "a payment that cannot be is told");
  const due = await page.getByLabel("Amount").inputValue();
  await page.getByLabel("Amount").fill("99999999");
  await page.getByLabel("Reference").fill("by post");
  await page.getByRole("button", { name: "Record it" }).click();
  await expect(page.getByText("more than is due")).toBeVisible();
  await expect(page.getByLabel("Reference")).toHaveValue("by post");
  await expectGoodPage(page);
  await page.getByLabel("Amount").fill(due);
  await page.getByLabel("How").selectOption("Cash");
  await page.getByRole("button", { name: "Record it" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "by post" })).toContainText("Cash");
  await expect(page.getByRole("button", { name: "Record it" })).toHaveCount(0);
  await expectGoodPage(page);

  await client.goto(`/portal/invoices?status=paid&q=${number}`);
  await expect(client.getByRole("row").filter({ hasText: number })).toContainText("Paid");

  await page.getByRole("button", { name: /^Take it back/ }).first().click();
  await expect(page.getByText("Correction of an entry made by mistake")).toBeVisible();
  await expect(page.getByRole("button", { name: "Record it" })).toBeVisible();
  await client.goto(`/portal/invoices?status=open&q=${number}`);
  await expect(client.getByRole("row").filter({ hasText: number })).toHaveCount(1);
});

test("the overview leads to what needs somebody, and the log tells who did what", async ({
  page,
  allow,
  expectGoodPage,
}) => {
  await signInToTeam(page);
  await expect(page.getByRole("img", { name: /^Paid by month in EUR/ })).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("link", { name: "SEK", exact: true }).click();
  await expect(page.getByRole("img", { name: /^Paid by month in SEK/ })).toBeVisible();
  await page.getByRole("link", { name: /^Open JF-/ }).first().click();
  await expect(page.getByText(/overdue/).first()).toBeVisible();

  await page.getByRole("link", { name: "Payments", exact: true }).click();
  await expect(page.getByRole("row").filter({ hasText: "Harbour Books" }).first()).toBeVisible();
  await expectGoodPage(page);

  await page.getByRole("link", { name: "Activity", exact: true }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "You signed in" }).first()).toBeVisible();
  await expectGoodPage(page);
  await page.getByText("Filter by person, client or day").click();
  await page.getByRole("textbox", { name: "Client" }).fill("harbour");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/client=[0-9a-f-]{36}/);
  await expect(page.getByRole("listitem").filter({ hasText: "opened" }).first()).toContainText("Harbour Books");
  await expectGoodPage(page);
  const file = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export as CSV" }).click();
  expect((await file).suggestedFilename()).toMatch(/^activity-.*\.csv$/);
  allow(/\b422\b/, "a day that is none is told");
  allow(/does not conform to the required format/, "a field for days cannot show one that is none");
  await page.goto("/app/activity?from=2026-02-30");
  await expect(page.getByText("There is no such day.")).toBeVisible();
  await expectGoodPage(page);
});

test("settings change what clients see, and the plan says what it does", async ({ page, allow, expectGoodPage }) => {
  await signInToTeam(page);
  await page.getByRole("link", { name: "Settings" }).click();
  await expectGoodPage(page);
  allow(/\b422\b/, "settings that cannot be are told");
  await page.getByLabel("Time zone").fill("Mars/Olympus");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("no time zone that we know")).toBeVisible();
  await expectGoodPage(page);
  await page.getByLabel("Time zone").fill("Europe/Berlin");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("Saved");
  await page.getByRole("link", { name: "Plan" }).click();
  await expect(page.getByText("Share links go on working")).toBeVisible();
  await expectGoodPage(page);
});

test("the list of clients is searched while one types", async ({ page, withScripts }) => {
  await signInToTeam(page);
  await page.goto("/app/clients");
  const field = page.getByRole("searchbox");
  if (withScripts) {
    // The island is awake once the list changes without a click.
    await expect(async () => {
      await field.fill("");
      await field.pressSequentially("norra");
      await expect(page).toHaveURL(/q=norra/, { timeout: 1000 });
    }).toPass();
  } else {
    await field.fill("norra");
    await page.getByRole("button", { name: "Search" }).click();
  }
  await expect(page).toHaveURL(/q=norra/);
  const rows = page.getByRole("row").filter({ has: page.getByRole("link") });
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("Norra Kaffe");
});

test("the demo's owner is named, and a stranger does not get in", async ({ page, allow }) => {
  allow(/\b422\b/, "a wrong password is refused");
  await page.goto("/app/login");
  await page.getByLabel("E-mail address").fill(owner.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("do not fit together");
});

function linkIn(mail: string, path: string): string {
  const at = mail.indexOf(path);
  expect(at, `a link to ${path} in the mail`).toBeGreaterThan(-1);
  return mail.slice(at).split(/[\s<"]/)[0] ?? "";
}
