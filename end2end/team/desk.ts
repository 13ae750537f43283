// What members of the team do, in the words of the pages.

import { expect, type Page } from "@playwright/test";
import type { Mailbox } from "../mailbox.js";

/** The demo's owner. */
export const owner = { email: "mara@juniperfinch.example", password: "juniper and finch" };

/** Signs in to the team's side. */
export async function signInToTeam(page: Page, email = owner.email, password = owner.password): Promise<void> {
  await page.goto("/app/login");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
}

/** Adds a client with one contact who may use the portal. */
export async function addClient(page: Page, { name, email }: { name: string; email: string }): Promise<void> {
  await page.goto("/app/clients/new");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Billing address").fill("1 Pier\nWhitby");
  await page.getByLabel("Currency").fill("EUR");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Add a contact" }).click();
  await page.getByLabel("Name").fill("Ada Keeper");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Ada Keeper" })).toBeVisible();
}

/** An invoice that was sent. */
export interface Sent {
  number: string;
  /** Its page for the team. */
  desk: string;
  /** Its public page. */
  link: string;
}

/** Writes an invoice of one line to a client, and sends it to its one contact. */
export async function sendInvoice(
  page: Page,
  mailbox: Mailbox,
  client: { name: string; email: string },
  title: string,
  net: string,
): Promise<Sent> {
  await page.goto(`/app/invoices/new?q=${encodeURIComponent(client.name)}`);
  await page.getByRole("button", { name: /^Write an invoice/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Draft" })).toBeVisible();
  const line = page.getByRole("group", { name: "Line 1" });
  const send = page.getByRole("button", { name: "Review and send" });
  // An editor that awakes meanwhile must not undo what was typed.
  await expect(async () => {
    await page.getByLabel("Title").fill(title);
    await line.getByLabel("Description").fill(title);
    await line.getByLabel("Quantity").fill("1");
    await line.getByLabel("Unit price").fill(net);
    await send.click();
    await expect(page.getByRole("heading", { level: 1, name: "Send the invoice" })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await mailbox.textDuring(client.email, async () => {
    await page.getByRole("button", { name: "Send it now" }).click();
    await expect(page.getByRole("heading", { name: "Share link" })).toBeVisible();
  });
  const number = (await page.getByRole("heading", { level: 1 }).textContent())?.trim() ?? "";
  const link = (await page.content()).match(/\/i\/[A-Za-z0-9_-]{20,}/)?.[0] ?? "";
  expect(link, "the share link").not.toBe("");
  return { number, desk: new URL(page.url()).pathname, link };
}
