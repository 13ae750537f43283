// The whole way of an invoice, in two browsers at once: written and sent by the freelancer, opened by the client
// over the link in the mail and in the portal, paid by bank transfer.

import { expect, test } from "../fixtures.js";
import { askForLink, openLink } from "../visits.js";
import { signInToTeam } from "./desk.js";

test("an invoice is written, sent, opened and paid", async ({
  page,
  visitor,
  mailbox,
  withScripts,
  allow,
  expectGoodPage,
}, testInfo) => {
  test.slow();
  const email = `ada.${testInfo.project.name}@lighthouse.example`;
  const client = await visitor();

  await signInToTeam(page);
  await page.goto("/app/clients/new");
  await page.getByLabel("Name").fill(`Lighthouse ${testInfo.project.name}`);
  await page.getByLabel("Billing address").fill("1 Pier\nWhitby");
  await page.getByLabel("Currency").fill("EUR");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Add a contact" }).click();
  await page.getByLabel("Name").fill("Ada Keeper");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Ada Keeper" })).toBeVisible();

  await page.goto(`/app/invoices/new?q=lighthouse+${testInfo.project.name}`);
  await expectGoodPage(page);
  await page.getByRole("button", { name: /^Write an invoice/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Draft" })).toBeVisible();
  await expectGoodPage(page);

  const line = page.getByRole("group", { name: "Line 1" });
  await expect(line.getByLabel("Tax %")).toHaveValue("19");
  await page.getByLabel("Title").fill("Lamp and lens");
  if (withScripts) {
    // The editor is awake once the sum follows what is typed.
    await expect(async () => {
      await line.getByLabel("Unit price").fill("");
      await line.getByLabel("Unit price").fill("1,200.50");
      await expect(page.locator("#sum-total")).toHaveText("€1,428.60", { timeout: 1000 });
    }).toPass();
    await line.getByLabel("Description").fill("Lens, ground by hand");
    await line.getByLabel("Quantity").fill("2");
    await expect(line.getByRole("status")).toHaveText("€2,401.00");
    await page.getByRole("button", { name: "Add a line" }).click();
    const second = page.getByRole("group", { name: "Line 2" });
    await expect(second.getByLabel("Description")).toBeFocused();
    await second.getByLabel("Description").fill("Oil");
    await second.getByLabel("Unit price").fill("a lot");
    await expect(second.getByLabel("Unit price")).toHaveAttribute("aria-invalid", "true");
    await second.getByLabel("Unit price").fill("99");
    await page.getByLabel("Discount in %").fill("10");
    await expect(page.locator("#sum-discount")).toHaveText("−€250.00");
    await expect(page.locator("#sum-total")).toHaveText("€2,677.50");
    await expect(page.locator("#save-state")).toContainText("Saved at");
    await page.reload();
    await expect(page.getByLabel("Title")).toHaveValue("Lamp and lens");
    await expect(page.getByRole("group", { name: "Line 2" }).getByLabel("Description")).toHaveValue("Oil");
  } else {
    await line.getByLabel("Description").fill("Lens, ground by hand");
    await line.getByLabel("Quantity").fill("2");
    await line.getByLabel("Unit price").fill("1,200.50");
    await page.getByRole("button", { name: "Add a line" }).click();
    const second = page.getByRole("group", { name: "Line 2" });
    await second.getByLabel("Description").fill("Oil");
    await second.getByLabel("Unit price").fill("a lot");
    await page.getByLabel("Discount in %").fill("10");
    allow(/\b422\b/, "a draft that cannot be sent says why");
    await page.getByRole("button", { name: "Review and send" }).click();
    await expect(page.getByText("This is no amount")).toBeVisible();
    await expectGoodPage(page);
    await second.getByLabel("Unit price").fill("99");
  }
  await page.getByRole("button", { name: "Review and send" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Send the invoice" })).toBeVisible();
  await expect(page.getByText("€2,677.50")).toBeVisible();
  await expect(page.getByLabel(/Ada Keeper/)).toBeChecked();
  await expectGoodPage(page);
  await page.getByLabel("A word of yours").fill("Dear Ada, as agreed.");
  const mail = await mailbox.textDuring(email, async () => {
    await page.getByRole("button", { name: "Send it now" }).click();
    await expect(page.getByRole("heading", { name: "Share link" })).toBeVisible();
  });
  await expect(page.getByText("Nobody has opened it yet.")).toBeVisible();
  await expectGoodPage(page);
  const number = (await page.getByRole("heading", { level: 1 }).textContent())?.trim() ?? "";
  expect(mail).toContain(number);
  expect(mail).toContain("Dear Ada, as agreed.");

  await client.goto(linkIn(mail, "/i/"));
  await expect(client.getByRole("heading", { level: 1 })).toContainText(number);
  await expect(client.getByText("€2,677.50").first()).toBeVisible();
  await expectGoodPage(client);
  const file = await client.request.get(`${new URL(client.url()).pathname}/pdf`);
  expect(file.headers()["content-type"]).toBe("application/pdf");
  await page.reload();
  await expect(page.getByText("Opened once, on")).toBeVisible();

  const login = await askForLink(client, mailbox, email);
  await openLink(client, login.links[0] ?? "", withScripts);
  await client.getByRole("link", { name: new RegExp(number) }).first().click();
  await expect(client.getByRole("heading", { level: 1 })).toContainText(number);

  await page.getByLabel("Amount").fill("1,000");
  await page.getByRole("button", { name: "Record it" }).click();
  await expect(page.getByText("Partly paid")).toBeVisible();
  await client.reload();
  await expect(client.getByText("€1,677.50").first()).toBeVisible();
  await page.getByRole("button", { name: "Record it" }).click();
  await expect(page.getByRole("button", { name: "Record it" })).toHaveCount(0);
  await client.reload();
  await expect(client.getByText("This invoice is settled. Thank you.")).toBeVisible();

  await page.getByRole("button", { name: "Duplicate" }).click();
  await expect(page.getByRole("group", { name: "Line 2" }).getByLabel("Description")).toHaveValue("Oil");
  await page.getByText("Delete this draft").click();
  await page.getByRole("button", { name: "Delete it for good" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Invoices" })).toBeVisible();
});

test("a link that leads nowhere says so and nothing else", async ({ page, allow, expectGoodPage }) => {
  allow(/\b404\b/, "there is no such link");
  await page.goto("/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link does not lead to an invoice");
  await expectGoodPage(page);
});

function linkIn(mail: string, path: string): string {
  const at = mail.indexOf(path);
  expect(at, `a link to ${path} in the mail`).toBeGreaterThan(-1);
  return mail.slice(at).split(/[\s<"]/)[0] ?? "";
}
