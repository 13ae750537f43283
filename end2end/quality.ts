// What every page owes its readers: no sideways scrolling on a phone or on a desk, and no barrier that axe
// can find, in either colour scheme.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** A phone and a desk, in CSS pixels. */
const phone = 390;
const widths = [phone, 1280];

/** What a thumb hits without aiming, in CSS pixels. */
const leastTarget = 40;

/** The page is no wider than the window. Leaves it at the desk's width. */
export async function expectNoOverflow(page: Page): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${page.url()} is wider than ${width} px`).toBeLessThanOrEqual(0);
    if (width === phone) {
      expect(await strips(page), `${page.url()} hides something behind sideways scrolling`).toEqual([]);
      expect(await smallTargets(page), `${page.url()} has targets that a thumb misses`).toEqual([]);
    }
  }
}

/** Parts of the page that scroll sideways by themselves. */
async function strips(page: Page): Promise<string[]> {
  return page.locator("nav, main, header, ul, table, section").evaluateAll((elements) =>
    elements
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .filter((element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX))
      .map((element) => element.outerHTML.slice(0, 100)),
  );
}

/** Buttons, places and fields that are too low for a thumb. Links in a running text are as high as their line. */
async function smallTargets(page: Page): Promise<string[]> {
  return page
    .locator("button, .button, nav a, summary, select, textarea, input:not([type=checkbox])")
    .evaluateAll(
      (elements, least) =>
        elements
          .filter((element) => !element.matches(".visually-hidden, [type=hidden]"))
          .map((element) => ({ element, height: element.getBoundingClientRect().height }))
          .filter(({ height }) => height > 0 && height < least)
          .map(({ element, height }) => `${Math.round(height)} px: ${element.outerHTML.slice(0, 100)}`),
      leastTarget,
    );
}

/** Axe finds nothing: no rule is broken in the light scheme, and in the dark one every contrast holds. */
export async function expectNoBarriers(page: Page): Promise<void> {
  // The schemes differ in nothing but their colours, so the other rules are asked once. Without motion a
  // colour is at once what it is going to be.
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await expectNothingFound(page, "dark", new AxeBuilder({ page }).withRules("color-contrast"));
  await page.emulateMedia({ colorScheme: "light" });
  await expectNothingFound(page, "light", new AxeBuilder({ page }));
}

async function expectNothingFound(page: Page, colorScheme: string, axe: AxeBuilder): Promise<void> {
  // No frame of ours is of another origin, so axe needs no page of its own to put its findings together.
  const { violations } = await axe.setLegacyMode().analyze();
  const summary = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map((node) => node.target),
  }));
  expect(summary, `${page.url()}, ${colorScheme}`).toEqual([]);
}
