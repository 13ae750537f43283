// GraphiQL: a member writes a document, runs it and reads about a field, all from files of Postern's own.

import { expect, test } from "../fixtures.js";
import { signInToTeam } from "./desk.js";

test("a member tries the schema in the explorer", async ({ page, baseURL, withScripts, expectGoodPage }) => {
  await signInToTeam(page);
  await page.goto("/app/settings/tokens");
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`${baseURL}/`) && !request.url().startsWith("data:") && !request.url().startsWith("blob:")) {
      elsewhere.push(request.url());
    }
  });
  await page.getByRole("link", { name: "Try it in the API explorer" }).click();
  await expect(page).toHaveURL(/\/app\/graphql$/);
  await expect(page.getByRole("heading", { level: 1, name: "API explorer" })).toBeVisible();

  if (!withScripts) {
    await expect(page.getByText("where scripts are switched off")).toBeVisible();
    await expectGoodPage(page);
    return;
  }

  // The document that is there from the start runs, and shows the member's own invoices.
  const answer = page.locator(".graphiql-response");
  await expect(page.locator(".graphiql-query-editor")).toContainText("LatestInvoices");
  await page.getByRole("button", { name: /Execute/ }).click();
  await expect(answer).toContainText("totalMinor");
  await expect(answer).not.toContainText("errors");

  // What the schema says of itself is there, as far as this member may see it.
  await page.getByRole("button", { name: /Documentation Explorer/ }).click();
  const documentation = page.locator(".graphiql-doc-explorer");
  await documentation.getByRole("link", { name: "Query" }).click();
  await expect(documentation.getByRole("link", { name: "team", exact: true })).toBeVisible();
  await expect(documentation.getByRole("link", { name: "portal", exact: true })).toHaveCount(0);

  expect(elsewhere, "requests to elsewhere").toEqual([]);
});
