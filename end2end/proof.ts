// Says in the end what was watched, as the tests of the server say their figures: see bin/proof.

import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

export default class Proof implements Reporter {
  private readonly runs = new Set<string | undefined>();
  private readonly sums = { pages: 0, violations: 0 };
  private tests = 0;

  onTestEnd(test: TestCase, { status, annotations }: TestResult): void {
    if (status === "skipped") {
      return;
    }
    this.tests += 1;
    this.runs.add(test.parent.project()?.name);
    for (const { type, description } of annotations) {
      if (type === "pages" || type === "violations") {
        this.sums[type] += Number(description);
      }
    }
  }

  onEnd({ status }: FullResult): void {
    if (status !== "passed") {
      return;
    }
    const figure = `${this.tests} tests (${[...this.runs].join(", ")}), ${this.sums.pages} pages watched, ${this.sums.violations} violations`;
    console.log(`proof: The content security policy in a browser: nothing breaks it, but what policy.spec.ts puts into pages | ${figure}`);
  }
}
