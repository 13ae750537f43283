// GraphiQL on the page for it (`app::pages::team::ExplorerPage`). It runs documents as the member who is signed in, by
// a route of the team's pages; `POST /graphql` knows tokens alone.

import { GraphiQL } from "graphiql";
import { setNonce } from "get-nonce";
import { createRoot } from "react-dom/client";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./explorer.css";

const place = document.getElementById("explorer");

// The page's policy lets in no style sheet that does not carry its nonce. The editor makes sheets while it runs and
// knows nothing of nonces; the dialogs ask this package.
const { nonce } = document.querySelector("script[nonce]");
setNonce(nonce);
const createElement = Document.prototype.createElement;
Document.prototype.createElement = function (name, options) {
  const element = createElement.call(this, name, options);
  if (element.localName === "style") {
    element.nonce = nonce;
  }
  return element;
};

// The site build puts the addresses of the workers in the place of these words.
const workers = { graphql: "__GRAPHQL_WORKER__", json: "__JSON_WORKER__" };
globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(workers[label] ?? "__EDITOR_WORKER__", { type: "module" }),
};

async function fetcher(params) {
  const response = await fetch(place.dataset.endpoint, {
    method: "POST",
    headers: { accept: "application/graphql-response+json", "content-type": "application/json" },
    body: JSON.stringify(params),
  });
  return response.json();
}

const FIRST_DOCUMENT = `# This runs as you: queries read,
# mutations change things for real.
# Ctrl-Enter runs it, Ctrl-Space
# shows what may stand here.

query LatestInvoices {
  team {
    invoices(first: 5) {
      nodes {
        number
        status
        client {
          name
        }
        totalMinor
        currency
      }
    }
  }
}
`;

// What was typed lasts as long as the tab: the next one at this computer may be somebody else.
createRoot(place).render(
  <GraphiQL
    fetcher={fetcher}
    storage={sessionStorage}
    defaultQuery={FIRST_DOCUMENT}
    isHeadersEditorEnabled={false}
    showPersistHeadersSettings={false}
  />,
);
