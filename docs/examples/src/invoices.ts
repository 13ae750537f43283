// Lists what is open, page by page, and bills a new client: with the types that graphql-codegen makes of the schema.
//   POSTERN_URL=https://pay.example.org POSTERN_TOKEN=pst_… node build/invoices.js

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type {
  AddClientMutation,
  AddClientMutationVariables,
  AddDraftsMutation,
  AddDraftsMutationVariables,
  OpenInvoicesQuery,
  OpenInvoicesQueryVariables,
} from "./generated.js";

const url = `${process.env.POSTERN_URL}/graphql`;
const token = process.env.POSTERN_TOKEN;
const source = readFileSync(new URL("../src/documents.graphql", import.meta.url), "utf8");

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions: { code: string; field?: string; requestId: string } }[];
}

/** Runs one operation of documents.graphql. With a key, it may be sent twice and is done once. */
async function run<Data, Variables>(operationName: string, variables: Variables, key?: string): Promise<Data> {
  for (;;) {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        accept: "application/graphql-response+json",
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      body: JSON.stringify({ query: source, operationName, variables }),
    });
    if (response.status === 429 || response.status === 409) {
      const seconds = Number(response.headers.get("retry-after") ?? 1);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      continue;
    }
    const answer = (await response.json()) as Answer<Data>;
    const error = answer.errors?.[0];
    if (error || !answer.data) {
      throw new Error(`${error?.extensions.code}: ${error?.message} (request ${error?.extensions.requestId})`);
    }
    return answer.data;
  }
}

// An amount is an integer of the currency's minor unit: how many decimals it has, Intl knows.
function money(minor: number, currency: string): string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

let after: string | null = null;
let count = 0;
do {
  const page: OpenInvoicesQuery = await run<OpenInvoicesQuery, OpenInvoicesQueryVariables>("OpenInvoices", { after });
  for (const invoice of page.team.invoices.nodes) {
    console.log(`${invoice.number}  ${invoice.client.name}  ${money(invoice.dueMinor, invoice.currency)} due ${invoice.dueOn}`);
    count += 1;
  }
  const { hasNextPage, endCursor }: { hasNextPage: boolean; endCursor: string | null } = page.team.invoices.pageInfo;
  after = hasNextPage ? endCursor : null;
} while (after !== null);
console.log(`${count} open`);

const added = await run<AddClientMutation, AddClientMutationVariables>(
  "AddClient",
  { input: { name: "Ada & Daughters", currency: "EUR", address: "1 Pier\nWhitby" } },
  randomUUID(),
);
const client = added.teamSaveClient.id;
if (client === null) {
  throw new Error(added.teamSaveClient.problems.map((problem) => `${problem.field}: ${problem.message}`).join("\n"));
}

const lines = [{ description: "Website, March", quantity: "12", unit: "h", unitPrice: "85.00", taxRate: "19" }];
const drafts = await run<AddDraftsMutation, AddDraftsMutationVariables>("AddDrafts", {
  rows: [{ id: randomUUID(), clientId: client, draft: { title: "Website", lines } }],
});
for (const draft of drafts.teamAddDrafts) {
  console.log(`draft ${draft.id}, version ${draft.version}, ${draft.problems.length} problems`);
}
