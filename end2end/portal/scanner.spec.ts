// Mail scanners open links before their readers do, and some run the page's scripts.

import { expect, test } from "../fixtures.js";
import { askForLink, contacts, openLink, sessionCookie } from "../visits.js";

test("a scanner that runs scripts uses nothing up", async ({ page, visitor, mailbox, withScripts }) => {
  const mail = await askForLink(page, mailbox, contacts.ines);
  const link = mail.links[0] ?? "";

  const scanner = await visitor();
  await scanner.request.head(link);
  for (let visit = 0; visit < 3; visit += 1) {
    await scanner.goto(link, { waitUntil: "networkidle" });
    expect(new URL(scanner.url()).pathname).toBe(new URL(link, scanner.url()).pathname);
  }
  const cookies = await scanner.context().cookies();
  expect(cookies.filter((cookie) => cookie.name === sessionCookie)).toEqual([]);

  await openLink(page, link, withScripts);
});
