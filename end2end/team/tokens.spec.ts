// A token for a program: made, shown once, used over HTTP, revoked.

import { expect, test } from "../fixtures.js";
import { signInToTeam } from "./desk.js";

test("a token is made, used by a program, and revoked", async ({ page, playwright, baseURL, allow, expectGoodPage }, testInfo) => {
  const name = `Shop of ${testInfo.project.name}`;
  await signInToTeam(page);
  await page.goto("/app/settings");
  await page.getByRole("link", { name: "API tokens" }).click();
  await expectGoodPage(page);

  allow(/\b422\b/, "a token that may do nothing comes back");
  await page.getByLabel("What it is for").fill(name);
  await page.getByRole("button", { name: "Make the token" }).click();
  await expect(page.getByText("Choose at least one thing that it may do.")).toBeVisible();
  await expect(page.getByLabel("What it is for")).toHaveValue(name);
  await expectGoodPage(page);

  await page.getByLabel("Clients and contacts").selectOption("Read");
  await page.getByRole("button", { name: "Make the token" }).click();
  const made = page.getByRole("region", { name: "Copy the token now" }).or(page.getByRole("status"));
  await expect(made).toContainText("pst_");
  const token = (await made.locator("code").innerText()).trim();
  expect(token).toMatch(/^pst_[0-9A-Za-z]{49}$/);
  await expectGoodPage(page);

  const program = await playwright.request.newContext({ baseURL });
  const ask = async (query: string) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await program.post("/graphql", { headers, data: JSON.stringify({ query }) });
    return { status: answer.status(), body: (await answer.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] } };
  };
  const clients = await ask("{ team { clients(first: 1) { nodes { name } } } }");
  expect(clients.status).toBe(200);
  expect(clients.body.errors).toBeUndefined();
  expect((await ask("{ team { payments(first: 1) { nodes { currency } } } }")).body.errors?.[0]?.extensions.code).toBe("FORBIDDEN");

  await page.goto("/app/settings/tokens");
  await expect(page.getByText(token)).toHaveCount(0);
  const row = page.getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText("Reads clients and contacts.");
  await expect(row).toContainText("Last used");
  await row.getByRole("button", { name: `Revoke ${name}` }).click();
  await expect(row).toHaveCount(0);
  await expect.poll(async () => (await ask("{ __typename }")).status).toBe(401);
  await program.dispose();
});
