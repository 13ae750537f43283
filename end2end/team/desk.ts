// What members of the team do, in the words of the pages.

import { expect, type Page } from "@playwright/test";

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
