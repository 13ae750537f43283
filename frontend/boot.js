// Wakes the islands of a page. The site build puts the hashed addresses of the generated glue code
// and of the WebAssembly in place of the two placeholders.
//
// An island is a <leptos-island data-component="NAME">; the glue code exports a function of that
// name. What an island was given as children stands in a <leptos-children>: islands inside it wake
// after the one around them, in the scope that it left on the element.

import * as site from "__GLUE__";

async function wake(node, scope) {
  const tag = node.localName;
  if (tag === "leptos-island") {
    const island = site[node.dataset.component];
    if (island) {
      scope?.();
      await island(node);
    } else {
      console.warn(`The site has no island ${node.dataset.component}.`);
    }
  } else if (tag === "leptos-children") {
    scope = node.$$on_hydrate;
  }
  for (const child of node.children) {
    await wake(child, scope);
  }
}

await site.default({ module_or_path: "__WASM__" });
site.hydrate();
await wake(document.body);
