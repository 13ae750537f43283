// From sign-up to a contact who stands in the portal, in two browsers: the freelancer and the client.

import { expect, test } from "../fixtures.js";
import { askForLink, openLink } from "../visits.js";
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
  await page.getByRole("button", { name: "Open my organisation" }).click();
  await expect(page.getByText("No clients yet")).toBeVisible();
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
  await expect(other.getByText("No clients yet")).toBeVisible();

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

test("the list of clients is searched while one types", async ({ page, withScripts }) => {
  await signInToTeam(page);
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
