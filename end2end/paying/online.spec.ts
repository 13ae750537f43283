// Paying online, with the Stripe that the demo simulates: from the portal, by the share link, by card and by bank
// debit. Whoever has a page open sees how it stands without a reload; without scripts, by one.

import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures.js";
import { SimulatedStripe } from "../stripe.js";
import { addClient, sendInvoice, signInToTeam } from "../team/desk.js";
import { askForLink, openLink } from "../visits.js";

/** Waits until a page shows something: by itself, or without scripts by being loaded again. */
async function expectToShow(page: Page, what: Locator, withScripts: boolean): Promise<void> {
  if (withScripts) {
    await expect(what.first()).toBeVisible({ timeout: 15_000 });
  } else {
    await expect(async () => {
      await page.reload();
      await expect(what.first()).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 20_000 });
  }
}

test("a client pays from the portal and by the share link, and everybody sees it", async ({
  page,
  visitor,
  mailbox,
  withScripts,
  expectGoodPage,
}, testInfo) => {
  test.setTimeout(150_000);
  const email = `pier.${testInfo.project.name}@breakwater.example`;
  const client = { name: `Breakwater ${testInfo.project.name}`, email };
  await signInToTeam(page);
  await addClient(page, client);
  const first = await sendInvoice(page, mailbox, client, "Lamp and lens", "1000");
  const second = await sendInvoice(page, mailbox, client, "Oil for a year", "200");
  const third = await sendInvoice(page, mailbox, client, "A new door", "300");

  // From the portal, by card. The same page is open in another tab, and on the team's desk.
  const contact = await visitor();
  const login = await askForLink(contact, mailbox, email);
  await openLink(contact, login.links[0] ?? "", withScripts);
  await expect(contact.getByRole("button", { name: "Pay all open, €1,785.00" })).toBeVisible();
  await expectGoodPage(contact);
  await contact.getByRole("link", { name: first.number }).click();
  await expect(contact.getByRole("heading", { level: 1 })).toContainText(first.number);
  await expectGoodPage(contact);
  const otherTab = await contact.context().newPage();
  await otherTab.goto(contact.url());
  await page.goto(first.desk);
  const pay = (of: Page) => of.getByRole("button", { name: /^Pay €/ });
  const receipt = await mailbox.textDuring(email, async () => {
    const stripe = await SimulatedStripe.during(contact, () => pay(contact).click());
    await expectGoodPage(contact);
    await expect(contact.getByText("1190.00 EUR").first()).toBeVisible();
    await stripe.pay("card");
    await expect(contact).toHaveURL(/\/portal\/invoices\/.*\?pay=(back|paid)$/);
    await expectToShow(contact, contact.getByText("Paid. Thank you"), withScripts);
  });
  expect(receipt).toContain(first.number);
  expect(receipt).toContain("€1,190.00");
  await expect(pay(contact)).toHaveCount(0);
  await expectGoodPage(contact);
  await expectToShow(otherTab, otherTab.getByText("This invoice is settled. Thank you."), withScripts);
  await otherTab.close();
  await expectToShow(page, page.getByText("Online payment"), withScripts);
  await expectGoodPage(page);

  // By the share link, in a browser that nobody knows: a card that is declined, then a bank that takes days.
  const guest = await visitor();
  await guest.goto(second.link);
  await expectGoodPage(guest);
  await page.goto(second.desk);
  const bank = await SimulatedStripe.during(guest, () => pay(guest).click());
  await bank.pay("declined");
  await expect(guest.getByRole("alert")).toContainText("declined");
  await bank.pay("debit");
  await expect(guest).toHaveURL(new RegExp(`${second.link}\\?pay=back$`));
  await expectToShow(guest, guest.getByText("Payment in progress since"), withScripts);
  await expect(guest.getByText("no need to pay again")).toBeVisible();
  await expect(pay(guest)).toHaveCount(0);
  await expectGoodPage(guest);
  await expectToShow(page, page.getByText("bank has been at it since"), withScripts);
  await bank.bankSays("settle");
  await expectToShow(guest, guest.getByText("This invoice is settled. Thank you."), withScripts);
  await expectGoodPage(guest);
  await expectToShow(page, page.getByText("Online payment"), withScripts);

  // Everything that is open, at once; the bank says no, nothing was taken, and another try succeeds.
  await contact.goto("/portal");
  const again = await SimulatedStripe.during(contact, () =>
    contact.getByRole("main").getByRole("button", { name: "Pay €357.00", exact: true }).click(),
  );
  await again.pay("debit");
  await expect(contact).toHaveURL(/\/portal\?pay=back$/);
  await expect(contact.getByText("No need to pay again")).toBeVisible();
  await expect(contact.getByText("In progress since")).toBeVisible();
  await expectGoodPage(contact);
  const home = await contact.context().newPage();
  await home.goto("/portal");
  await contact.getByRole("link", { name: third.number }).click();
  await expect(contact.getByText("Payment in progress since")).toBeVisible();
  await again.bankSays("fail");
  await expectToShow(home, home.getByText("did not go through"), withScripts);
  await expectGoodPage(home);
  await home.close();
  await expectToShow(contact, contact.getByText("did not go through"), withScripts);
  await expect(contact.getByText("Nothing was taken.")).toBeVisible();
  await expectGoodPage(contact);
  const last = await SimulatedStripe.during(contact, () => pay(contact).click());
  await last.pay("card");
  await expectToShow(contact, contact.getByText("Paid. Thank you"), withScripts);
  await contact.goto("/portal");
  await expect(contact.getByRole("heading", { level: 1, name: "Nothing to pay" })).toBeVisible();
});

test("a part is paid where the team lets it, and whoever turns back has paid nothing", async ({
  page,
  visitor,
  mailbox,
  withScripts,
  expectGoodPage,
}, testInfo) => {
  test.slow();
  const email = `oar.${testInfo.project.name}@breakwater.example`;
  const client = { name: `Boathouse ${testInfo.project.name}`, email };
  await signInToTeam(page);
  await addClient(page, client);
  const invoice = await sendInvoice(page, mailbox, client, "Paint", "100");
  await page.getByRole("button", { name: "Allow part payment" }).click();
  await expect(page.getByRole("button", { name: "Only as a whole" })).toBeVisible();
  await expectGoodPage(page);

  const guest = await visitor();
  await guest.goto(invoice.link);
  await guest.getByText("Pay a part of it").click();
  await guest.getByLabel("Amount").fill("120");
  await expectGoodPage(guest);
  await guest.getByRole("button", { name: "Pay this part" }).click();
  await expect(guest.getByText("This is no amount that can be paid")).toBeVisible();
  await expect(guest.getByLabel("Amount")).toHaveValue("120");
  await expectGoodPage(guest);

  await guest.getByLabel("Amount").fill("19");
  let stripe = await SimulatedStripe.during(guest, () => guest.getByRole("button", { name: "Pay this part" }).click());
  await expect(guest.getByText("19.00 EUR", { exact: true }).first()).toBeVisible();
  await guest.getByRole("link", { name: "Go back without paying" }).click();
  await expect(guest).toHaveURL(new RegExp(`${invoice.link}$`));
  await expect(guest.getByRole("button", { name: "Pay €119.00" })).toBeVisible();

  await guest.getByText("Pay a part of it").click();
  await guest.getByLabel("Amount").fill("19");
  stripe = await SimulatedStripe.during(guest, () => guest.getByRole("button", { name: "Pay this part" }).click());
  await stripe.pay("card");
  await expectToShow(guest, guest.getByText("Partly paid"), withScripts);
  await guest.goto(invoice.link);
  await expect(guest.getByRole("button", { name: "Pay €100.00" })).toBeVisible();
});

test("the owner sees the account that the money goes to", async ({ page, expectGoodPage }) => {
  await signInToTeam(page);
  await page.goto("/app/settings");
  await page.getByRole("link", { name: "Online payment" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Online payment" })).toBeVisible();
  await expect(page.getByText("Takes payments")).toBeVisible();
  await page.getByText("Disconnect this account").click();
  await expectGoodPage(page);
});
