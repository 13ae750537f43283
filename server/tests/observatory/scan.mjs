// One scan by the scanner's own code, as JSON. The certificate of the test must be known to Node as it starts.

import { writeFileSync } from "node:fs";

// The scanner looks every host up in the list of those that browsers reach by https alone, which its install script
// fetches. A host of this machine is on no list.
const list = new URL("../conf/hsts-preload.json", import.meta.resolve("@mdn/mdn-http-observatory"));
writeFileSync(list, "{}");

const { scan } = await import("@mdn/mdn-http-observatory");
const found = [];
for (const site of process.argv.slice(2)) {
  const { scan: sum, tests } = await scan(site);
  const failed = Object.entries(tests)
    .filter(([, test]) => !test.pass)
    .map(([name, test]) => `${name}: ${test.result}`);
  found.push({ site, grade: sum.grade, score: sum.score, failed });
}
console.log(JSON.stringify(found));
