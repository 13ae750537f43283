// A webhook: added, tried out, looked at, switched off and removed.

import { expect, test } from "../fixtures.js";
import { signInToTeam } from "./desk.js";

test("a webhook is added, tried out and removed", async ({ page, allow, expectGoodPage }, testInfo) => {
  const url = `https://${testInfo.project.name}.hooks.invalid/postern`;
  await signInToTeam(page);
  await page.goto("/app/settings");
  await page.getByRole("link", { name: "Webhooks" }).click();
  await expectGoodPage(page);

  allow(/\b422\b/, "an address within comes back");
  await page.getByLabel("Address").fill("https://127.0.0.1/hook");
  await page.getByRole("button", { name: "Add the webhook" }).click();
  await expect(page.getByText("This must be an https address on the public internet")).toBeVisible();
  await expect(page.getByText("Choose at least one thing to be told of.")).toBeVisible();
  await expectGoodPage(page);

  await page.getByLabel("Address").fill(url);
  await page.getByLabel("Nothing is due on an invoice any more").check();
  await page.getByRole("button", { name: "Add the webhook" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Webhook" })).toBeVisible();
  await page.getByText("Show it").click();
  await expect(page.getByText(/^whsec_/)).toBeVisible();
  await expectGoodPage(page);

  await page.getByRole("button", { name: "Send a test" }).click();
  const sent = page.getByRole("listitem").filter({ hasText: "webhook.test" });
  await expect(async () => {
    await page.reload();
    await expect(sent).toContainText("no answer", { timeout: 500 });
  }).toPass();
  await sent.getByText("webhook.test").first().click();
  await expect(sent.getByText("\"type\":\"webhook.test\"")).toBeVisible();
  await expectGoodPage(page);

  await page.getByRole("button", { name: "Switch off" }).click();
  await expect(page.getByText("Off", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Remove the webhook" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Webhooks" })).toBeVisible();
  await expect(page.getByText(url)).toHaveCount(0);
});
