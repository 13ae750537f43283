// Every page of the team that the journeys do not pass on their way, and the way between them on a phone.

import { expect, test } from "../fixtures.js";
import { signInToTeam } from "./desk.js";

test("each place is a touch or two away on a phone", async ({ page }) => {
  await signInToTeam(page);
  await page.setViewportSize({ width: 390, height: 844 });
  const places = page.getByRole("navigation", { name: "Team" });
  for (const name of ["Invoices", "Clients", "Payments", "Overview"]) {
    const place = places.getByRole("link", { name });
    await expect(place).toBeInViewport({ ratio: 1 });
    await place.click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  }
  for (const name of ["Activity", "Settings", "Your account"]) {
    const place = page.getByRole("link", { name, exact: true });
    await expect(place).toBeHidden();
    await page.getByRole("button", { name: "Menu" }).click();
    await expect(place).toBeInViewport({ ratio: 1 });
    await place.click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  }
  await page.getByRole("button", { name: "Menu" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Sign out", exact: true })).toBeHidden();
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL(/\/app\/login/);
});

test("a wide screen shows all places, whatever was opened on a narrow one", async ({ page }) => {
  await signInToTeam(page);
  const settings = page.getByRole("link", { name: "Settings" });
  await expect(settings).toBeVisible();
  await expect(page.getByRole("button", { name: "Menu" })).toBeHidden();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Menu" }).click();
  await page.setViewportSize({ width: 1280, height: 900 });
  await expect(settings).toBeInViewport({ ratio: 1 });
  await settings.click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});

test("a row leads to its page wherever a thumb meets it", async ({ page }) => {
  await signInToTeam(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/app/payments");
  const row = page.getByRole("row").filter({ has: page.getByRole("link") }).first();
  const invoice = row.getByRole("cell").nth(2).getByRole("link");
  const number = (await invoice.textContent()) ?? "";
  await invoice.click();
  await expect(page.getByRole("heading", { level: 1, name: number })).toBeVisible();
  await page.goto("/app/payments");
  const client = (await row.getByRole("link").first().textContent()) ?? "";
  // The link lies above the cell, which is what is meant here.
  await row.getByRole("cell").nth(1).click({ force: true });
  await expect(page.getByRole("heading", { level: 1, name: client })).toBeVisible();
});

test("a client's page leads to its invoices and to a new one", async ({ page }) => {
  await signInToTeam(page);
  await page.goto("/app/clients?q=norra");
  await page.getByRole("link", { name: "Norra Kaffe" }).click();
  await page.getByRole("link", { name: "New invoice for Norra Kaffe" }).click();
  await expect(page.getByRole("button", { name: /^Write an invoice/ })).toHaveCount(1);
  await page.goBack();
  await page.getByRole("link", { name: "Invoices of Norra Kaffe" }).click();
  const rows = page.getByRole("row").filter({ has: page.getByRole("link") });
  await expect(rows.first()).toContainText("Norra Kaffe");
  await expect(rows.filter({ hasNotText: "Norra Kaffe" })).toHaveCount(0);
});

test("the other pages", async ({ page, allow, expectGoodPage }) => {
  test.slow();
  await signInToTeam(page);
  for (const path of [
    "/app/invoices?q=nothing-is-called-that",
    "/app/invoices/new?q=nothing-is-called-that",
    "/app/clients?shelf=archived",
    "/app/payments?q=nothing-is-called-that",
    "/app/activity?topic=security",
    "/app/settings/members",
    "/app/account",
    "/app/switch",
    "/app/orgs/new",
  ]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectGoodPage(page);
  }

  await page.goto("/app/invoices?status=overdue");
  const first = page.getByRole("row").filter({ has: page.getByRole("link") }).first().getByRole("link");
  const invoice = (await first.getAttribute("href")) ?? "";
  await page.goto(`${invoice}/remind`);
  await expectGoodPage(page);

  await page.goto("/app/clients?q=harbour");
  await page.getByRole("link", { name: "Harbour Books" }).click();
  await page.getByRole("link", { name: "Ines Duarte" }).click();
  await expect(page.getByText("Links that were sent to an earlier address stop working")).toBeVisible();
  await expectGoodPage(page);

  allow(/\b404\b/, "the page under test is not there");
  for (const path of ["/app/nothing", "/app/invoices/00000000-0000-7000-8000-000000000000"]) {
    expect((await page.goto(path))?.status()).toBe(404);
    await expectGoodPage(page);
    await page.getByRole("link", { name: "To the overview" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  }
});
