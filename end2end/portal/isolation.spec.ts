// Another client's invoice does not exist, and that is all there is to learn.

import { expect, test } from "../fixtures.js";
import { contacts, firstInvoice, signIn } from "../visits.js";

test("another client's invoice is the same page as an unknown one", async ({
  page,
  visitor,
  mailbox,
  allow,
  withScripts,
}) => {
  allow(/\b404\b/, "the pages under test are not there");

  const other = await visitor();
  await signIn(other, mailbox, contacts.anna, withScripts);
  const foreign = await firstInvoice(other);
  // The last digit of the id changed: an id that was never given out.
  const unknown = foreign.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));

  await signIn(page, mailbox, contacts.ines, withScripts);
  const own = await firstInvoice(page);
  expect((await page.goto(own))?.status()).toBe(200);

  const answers = [];
  for (const path of [foreign, unknown]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    // The nonce of an answer is its own.
    answers.push((await answer?.text())?.replaceAll(/ nonce="[0-9a-f]{32}"/g, ""));
  }
  expect(answers[0]).toBe(answers[1]);
});
