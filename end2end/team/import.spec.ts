// A list of clients: uploaded, shown row by row, corrected on the page, imported, and found again.

import { expect, test } from "../fixtures.js";
import { signInToTeam } from "./desk.js";

test("a list of clients is looked at, corrected and imported", async ({ page, allow, expectGoodPage }, testInfo) => {
  test.slow();
  const name = `Quarry ${testInfo.project.name}`;
  const domain = `${testInfo.project.name}.quarry.example`;
  const list = [
    "Company;Contact;E-mail;Portal access;Phone",
    `${name};Ada Stone;ada@${domain};yes;1`,
    `${name};Bo Stone;bo at quarry;no;2`,
    "Harbour Books;;;;3",
  ].join("\r\n");

  await signInToTeam(page);
  await page.getByRole("link", { name: "Clients", exact: true }).click();
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await expect(page.getByText("several rows of one client are its contacts")).toBeVisible();
  await expectGoodPage(page);
  const template = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download a template" }).click();
  expect((await template).suggestedFilename()).toBe("clients.csv");

  allow(/\b422\b/, "a list that cannot be imported comes back");
  const latin = Buffer.from("Client\r\nCaf\xe9", "latin1");
  await page.getByLabel("A CSV file").setInputFiles({ name: "old.csv", mimeType: "text/csv", buffer: latin });
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByText("CSV UTF-8")).toBeVisible();
  await expectGoodPage(page);

  await page.getByLabel("A CSV file").setInputFiles({ name: "a.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByRole("alert")).toContainText("1 row of 3 cannot be imported yet");
  await expect(page.getByText("“Phone”")).toBeVisible();
  await expect(page.getByRole("button", { name: "Import" })).toHaveCount(0);
  const wrong = page.getByRole("row").filter({ hasText: "Bo Stone" });
  await expect(wrong).toContainText("E-mail: This does not look like an e-mail address");
  await expectGoodPage(page);

  const rows = page.getByLabel("Or the rows themselves");
  const typed = await rows.inputValue();
  expect(typed).toContain("bo at quarry");
  await rows.fill(typed.replace("bo at quarry", `bo@${domain}`));
  await page.getByRole("button", { name: "Check again" }).click();
  await expect(page.getByRole("status")).toContainText("1 new client and 2 contacts will be added. 1 row is there already.");
  await expect(page.getByRole("row").filter({ hasText: "Harbour Books" })).toContainText("There already");
  await expectGoodPage(page);

  await page.getByRole("button", { name: "Import" }).click();
  await expect(page.getByText("Imported. What your file holds")).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Ada Stone" })).toContainText("Has never signed in");
  await expect(page.getByRole("listitem").filter({ hasText: "Bo Stone" })).toContainText("No access");
  await page.goto("/app/activity");
  await expect(page.getByRole("listitem").filter({ hasText: "You imported clients" }).first()).toContainText(
    "1 client, 2 contacts",
  );
});
