// What a button does shows before the server has answered, and is set right where the server refuses.

import { expect, test } from "../fixtures.js";
import { signInToTeam } from "./desk.js";

test("a change shows at once, and corrects itself if it is refused", async ({ page, withScripts, allow }, testInfo) => {
  test.skip(!withScripts, "without scripts a form is sent and its answer shown, as ever");
  const name = `Quick ${testInfo.project.name}`;
  await signInToTeam(page);
  await page.goto("/app/clients/new");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Currency").fill("EUR");
  await page.getByRole("button", { name: "Save" }).click();
  for (const person of ["Ines", "Otto"]) {
    await page.getByRole("link", { name: "Add a contact" }).click();
    await page.getByLabel("Name").fill(person);
    await page.getByLabel("E-mail address").fill(`${person}.${testInfo.project.name}@quick.example`);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("listitem").filter({ hasText: person })).toBeVisible();
  }
  const ines = page.getByRole("listitem").filter({ hasText: "Ines" });
  await expect(ines).toContainText("Portal access");

  // The server takes its time; the page does not.
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/access", async (route) => {
    await held;
    await route.continue();
  });
  await expect(async () => {
    await ines.getByRole("button", { name: /Switch access off/ }).click();
    await expect(ines).toContainText("No access", { timeout: 500 });
  }).toPass();
  await expect(ines.getByRole("button", { name: /Switch access off/ })).toBeVisible();
  answer();
  const on = ines.getByRole("button", { name: /Switch access on/ });
  await expect(on).toBeFocused();
  await page.unroute("**/access");

  // Nobody can be reached: it is as it was, and that is said.
  allow(/ERR_FAILED|Failed to fetch/, "the server is out of reach on purpose");
  await page.route("**/access", (route) => route.abort());
  await on.click();
  await expect(page.getByRole("alert")).toContainText("could not be reached");
  await expect(ines).toContainText("No access");
  await page.unroute("**/access");

  // Refused, since somebody else has removed the contact meanwhile: the page shows how it stands.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole("link", { name: "Ines", exact: true }).click();
  await other.getByRole("button", { name: "Remove this contact" }).click();
  await expect(other.getByRole("heading", { level: 1, name })).toBeVisible();
  await other.close();
  allow(/404/, "the contact is gone");
  await on.click();
  await expect(page.getByRole("alert")).not.toBeEmpty();
  await expect(ines).toHaveCount(0);
  await expect(page.getByRole("listitem").filter({ hasText: "Otto" })).toBeVisible();
});
