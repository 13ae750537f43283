// The mail is on the phone, the portal on the desk: the short code signs in the browser that asked.

import { expect, test } from "../fixtures.js";
import { askForLink, codeField, contacts, enterCode, expectHome } from "../visits.js";

test("the code from the mail signs in the browser that asked", async ({ page, mailbox, withScripts }) => {
  const mail = await askForLink(page, mailbox, contacts.anna);
  await enterCode(page, mail.code, withScripts);
  await expectHome(page);
  await expect(page.getByRole("contentinfo")).toContainText("Norra Kaffe");
});

test("an address of two clients chooses after the proof", async ({
  page,
  mailbox,
  withScripts,
  expectGoodPage,
}) => {
  const mail = await askForLink(page, mailbox, contacts.mara);
  expect(mail.links).toHaveLength(2);
  await enterCode(page, mail.code, withScripts);

  await expect(page.getByRole("heading", { level: 1, name: "Which portal?" })).toBeVisible();
  const choices = page.getByRole("main").getByRole("listitem").getByRole("button");
  await expect(choices).toHaveCount(2);
  await expectGoodPage(page);
  await choices.last().click();
  await expectHome(page);
});

test("a wrong code is refused in words, and the right one still works", async ({
  page,
  mailbox,
  allow,
  withScripts,
  expectGoodPage,
}) => {
  allow(/\b422\b/, "the wrong code is refused");
  const mail = await askForLink(page, mailbox, contacts.anna);
  const wrong = mail.code.startsWith("A") ? `B${mail.code.slice(1)}` : `A${mail.code.slice(1)}`;
  await enterCode(page, wrong, withScripts);
  await expect(page.getByRole("alert")).toContainText("does not work");
  await expectGoodPage(page);

  await enterCode(page, mail.code, withScripts);
  await expectHome(page);
});

test("a complete code is sent once, however impatient its owner", async ({ page, mailbox, withScripts }) => {
  test.skip(!withScripts, "without scripts nothing is sent but by the browser");
  const mail = await askForLink(page, mailbox, contacts.nils);
  const field = await codeField(page, withScripts);

  // The answer waits until Enter has been pressed as well.
  let sent = 0;
  let answer = () => {};
  const pressed = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/portal/login/code", async (route) => {
    sent += 1;
    await pressed;
    await route.continue();
  });
  await field.fill(mail.code);
  await expect.poll(() => sent).toBe(1);
  await page.keyboard.press("Enter");
  answer();
  await expectHome(page);
  expect(sent).toBe(1);
});
