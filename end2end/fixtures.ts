// What every browser test has: pages that fail the test on any error the browser sees, further visitors
// with browsers of their own, the demo's mailbox.

import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";
import { Mailbox } from "./mailbox.js";
import { expectNoBarriers, expectNoOverflow } from "./quality.js";

export { expect };

/** Says that a problem the browser will see is meant, and why. */
export type Allow = (pattern: RegExp, reason: string) => void;

/** What a test can ask for. */
export interface Guards {
  /** Lets the problems that match a pattern pass in this test. */
  allow: Allow;
  /** Watches every page of a context for problems. */
  watch: (context: BrowserContext) => void;
  /** The first page of another visitor: a browser that shares nothing with `page`. */
  visitor: () => Promise<Page>;
  /** The demo's mailbox. */
  mailbox: Mailbox;
  /** Whether pages may run scripts in this run. */
  withScripts: boolean;
  /** The page as it is now can be read by everyone, on any screen. */
  expectGoodPage: (page: Page) => Promise<void>;
}

export const test = base.extend<Guards & { problems: { found: string[]; allowed: RegExp[] } }>({
  problems: async ({}, use) => {
    const problems = { found: [] as string[], allowed: [] as RegExp[] };
    await use(problems);
    const unexpected = problems.found.filter(
      (text) => !problems.allowed.some((pattern) => pattern.test(text)),
    );
    expect(unexpected, "problems that the browser saw").toEqual([]);
  },

  allow: async ({ problems }, use) => {
    await use((pattern) => {
      problems.allowed.push(pattern);
    });
  },

  watch: async ({ problems, baseURL, withScripts }, use) => {
    await use((context) => {
      const report = (text: string) => problems.found.push(text);
      context.on("weberror", (error) => report(`page error: ${error.error().message}`));
      // Violations of the content security policy are console errors.
      context.on("console", (message) => {
        // Without scripts nothing uses the WebAssembly that the page has asked for early.
        const unused = !withScripts && message.text().includes("was preloaded using link preload but not used");
        if ((message.type() === "error" || message.type() === "warning") && !unused) {
          report(`console ${message.type()}: ${message.text()} (${message.location().url})`);
        }
      });
      context.on("response", (response) => {
        if (response.status() >= 400 && response.url().startsWith(baseURL ?? "")) {
          report(`${response.status()} ${response.url()}`);
        }
      });
      context.on("requestfailed", (request) => {
        // The browser itself drops what it no longer needs when a page is left. Where scripts are off it
        // calls each script that it does not load a violation of the policy that switched them off.
        const reason = request.failure()?.errorText ?? "";
        const scriptsOff = !withScripts && reason === "csp" && request.url().endsWith(".js");
        if (reason !== "net::ERR_ABORTED" && !scriptsOff) {
          report(`${reason} ${request.url()}`);
        }
      });
    });
  },

  context: async ({ context, watch }, use) => {
    watch(context);
    await use(context);
  },

  visitor: async ({ browser, watch }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      watch(context);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  mailbox: async ({ playwright, baseURL }, use) => {
    const request = await playwright.request.newContext({ baseURL });
    await use(new Mailbox(request));
    await request.dispose();
  },

  withScripts: async ({ javaScriptEnabled }, use) => {
    await use(javaScriptEnabled ?? true);
  },

  expectGoodPage: async ({ withScripts }, use) => {
    await use(async (page) => {
      await expectNoOverflow(page);
      // Axe is itself a script. Without scripts the pages are the same HTML, so the other run speaks for both.
      if (withScripts) {
        await expectNoBarriers(page);
      }
    });
  },
});
