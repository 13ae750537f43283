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
  /** Whether a problem is let pass. */
  isExcused: (problem: string) => boolean;
  /** Watches every page of a context for problems. */
  watch: (context: BrowserContext) => Promise<void>;
  /** The first page of another visitor: a browser that shares nothing with `page`. */
  visitor: () => Promise<Page>;
  /** The demo's mailbox. */
  mailbox: Mailbox;
  /** Whether pages may run scripts in this run. */
  withScripts: boolean;
  /** The page as it is now can be read by everyone, on any screen. */
  expectGoodPage: (page: Page) => Promise<void>;
}

/** What a test's pages have met. */
interface Problems {
  found: string[];
  allowed: RegExp[];
  /** How many pages were loaded while somebody watched. */
  pages: number;
}

/** Whether a problem is a violation of the content security policy. */
function isViolation(problem: string): boolean {
  return /content security policy|policy violation/i.test(problem);
}

/** A violation of the content security policy is let pass by no pattern. */
function isExcused(allowed: RegExp[], problem: string): boolean {
  return !isViolation(problem) && allowed.some((pattern) => pattern.test(problem));
}

/** Runs in every page before anything else: what the browser has stopped is told with the name of the directive. */
function tellViolations(): void {
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
    console.error(`policy violation: ${effectiveDirective}, ${blockedURI}`);
  });
}

export const test = base.extend<Guards & { problems: Problems }>({
  problems: async ({}, use, testInfo) => {
    const problems: Problems = { found: [], allowed: [], pages: 0 };
    await use(problems);
    testInfo.annotations.push(
      { type: "pages", description: String(problems.pages) },
      { type: "violations", description: String(problems.found.filter(isViolation).length) },
    );
    const unexpected = problems.found.filter((text) => !isExcused(problems.allowed, text));
    expect(unexpected, "problems that the browser saw").toEqual([]);
  },

  isExcused: async ({ problems }, use) => {
    await use((problem) => isExcused(problems.allowed, problem));
  },

  allow: async ({ problems }, use) => {
    await use((pattern) => {
      problems.allowed.push(pattern);
    });
  },

  watch: async ({ problems, baseURL, withScripts }, use) => {
    await use(async (context) => {
      await context.addInitScript(tellViolations);
      const report = (text: string) => problems.found.push(text);
      context.on("weberror", (error) => report(`page error: ${error.error().message}`));
      // Violations of the content security policy are console errors, also where no script can tell of them.
      context.on("console", (message) => {
        // Without scripts nothing uses the WebAssembly that the page has asked for early.
        const unused = !withScripts && message.text().includes("was preloaded using link preload but not used");
        if ((message.type() === "error" || message.type() === "warning") && !unused) {
          report(`console ${message.type()}: ${message.text()} (${message.location().url})`);
        }
      });
      context.on("response", (response) => {
        const isPage = response.request().isNavigationRequest() && response.headers()["content-type"]?.startsWith("text/html");
        problems.pages += isPage ? 1 : 0;
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
    await watch(context);
    await use(context);
  },

  visitor: async ({ browser, watch }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      await watch(context);
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
