// What visitors of the portal do, in the words of the pages: labels, headings, buttons.

import { expect, type Locator, type Page } from "@playwright/test";
import type { Mailbox, SignInMail } from "./mailbox.js";

/** The demo's contacts. Each may ask for five links in ten minutes, so the journeys share them out. */
export const contacts = {
  /** Harbour Books, a client with open and settled invoices. */
  ines: "ines@harbourbooks.example",
  /** A colleague of hers: the same pages, links of his own. */
  jonas: "jonas@harbourbooks.example",
  /** Norra Kaffe, another client of the same org. */
  anna: "anna@norrakaffe.example",
  /** A colleague of hers. */
  nils: "nils@norrakaffe.example",
  /** A contact at two clients. */
  mara: "mara.lind@lindberg.example",
  /** A client with a very long name, long titles and a long address. */
  longNames: "buchhaltung.niederlassung-wien@donaudampfschifffahrt.example",
  /** A client whose name is written from right to left. */
  noa: "noa@cafenoa.example",
  /** A client without any invoice. */
  yusuf: "new@freshstart.example",
};

/** The session cookie, as it is named where the portal is served in plain HTTP on a loopback address. */
export const sessionCookie = "postern_portal";

/** Types the address into the login page of `page` and gets the mail. */
export async function askForLink(page: Page, mailbox: Mailbox, address: string): Promise<SignInMail> {
  return mailbox.during(address, async () => {
    await page.goto("/portal/login");
    await page.getByLabel("E-mail address").fill(address);
    await page.getByRole("button", { name: "Send me a link" }).click();
    await expect(page).toHaveURL(/\/portal\/login\/sent$/);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  });
}

/** Presses the one button of the page that a magic link opens. */
export async function pressContinue(page: Page): Promise<void> {
  await page
    .getByRole("main")
    .getByRole("button", { name: /^(Sign in|Continue|Open)/ })
    .click();
}

/** Opens a link in the browser that asked for it: a script goes on at once; without scripts, one button. */
export async function openLink(page: Page, link: string, withScripts: boolean): Promise<void> {
  await page.goto(link);
  if (!withScripts) {
    await pressContinue(page);
  }
  await expectHome(page);
}

/** The field for the code, on a page that does with it what it can do. */
export async function codeField(page: Page, withScripts: boolean): Promise<Locator> {
  const field = page.getByLabel(/code from the mail/);
  if (withScripts) {
    // The island is awake once the field shows what is typed as the mail shows it.
    await expect(async () => {
      await field.fill("ab");
      await expect(field).toHaveValue("AB", { timeout: 100 });
    }).toPass();
  }
  return field;
}

/** Types the code. A script sends it when it is complete; without scripts, one button. */
export async function enterCode(page: Page, code: string, withScripts: boolean): Promise<void> {
  const field = await codeField(page, withScripts);
  await field.fill(code);
  if (!withScripts) {
    await page.getByRole("button", { name: "Sign in with the code" }).click();
  }
}

/** The visitor is signed in and sees the portal's home. */
export async function expectHome(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/portal$/);
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
}

/** Signs in by mail, in one browser. */
export async function signIn(
  page: Page,
  mailbox: Mailbox,
  address: string,
  withScripts: boolean,
): Promise<void> {
  const mail = await askForLink(page, mailbox, address);
  await openLink(page, mail.links[0] ?? "", withScripts);
}

/** Where the first invoice of the list leads. */
export async function firstInvoice(page: Page): Promise<string> {
  await page.goto("/portal/invoices");
  const href = await page.getByRole("table").getByRole("link").first().getAttribute("href");
  expect(href).toMatch(/^\/portal\/invoices\/./);
  return href ?? "";
}
