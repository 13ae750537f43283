// The Stripe that the demo simulates: what a payer does on its page, and what banks do later.

import { expect, type Page } from "@playwright/test";

/** The buttons of its page. */
export const ways = {
  card: "Pay by card",
  debit: "Pay by bank debit, which takes days",
  declined: "Pay by a card that is declined",
};

export class SimulatedStripe {
  private constructor(
    private readonly page: Page,
    private readonly origin: string,
  ) {}

  /** Presses a button of one of our own pages that leads to Stripe's page, and waits until it is there. */
  static async during(page: Page, press: () => Promise<void>): Promise<SimulatedStripe> {
    const ours = new URL(page.url()).origin;
    await press();
    await expect(page.getByText("Simulation – no money moves.")).toBeVisible();
    const { origin } = new URL(page.url());
    expect(origin).not.toBe(ours);
    return new SimulatedStripe(page, origin);
  }

  /** Pays in this way. */
  async pay(way: keyof typeof ways): Promise<void> {
    await this.page.getByRole("button", { name: ways[way], exact: true }).click();
  }

  /** The bank has the money of the newest debit, or says that there is none. */
  async bankSays(what: "settle" | "fail"): Promise<void> {
    const state = await this.page.request.get(`${this.origin}/_control/state`);
    const { payment_intents } = (await state.json()) as { payment_intents: { id: string; status: string }[] };
    const id = payment_intents.filter(({ status }) => status === "processing").at(-1)?.id;
    expect(id, "a debit that a bank is at").toBeDefined();
    const done = await this.page.request.post(`${this.origin}/_control/do/${what}`, { data: { id } });
    expect(done.ok(), await done.text()).toBe(true);
  }
}
