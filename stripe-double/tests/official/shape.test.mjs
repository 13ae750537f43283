// Every property that Stripe's library says is always there, is there: a reader that insists on one finds it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { KEY, start } from './double.mjs';

let double, account, headers;

before(async () => {
  double = await start();
  headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/x-www-form-urlencoded' };
  account = (await send('POST', '/v1/accounts', 'type=standard&country=DE')).id;
  headers['stripe-account'] = account;
  await double.control('do/enable', { id: account });
});

after(() => double.stop());

async function send(method, path, body) {
  const answer = await fetch(new URL(path, double.url), { method, headers, body });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

// The properties of an interface in the library's declarations that have no question mark.
function required(file, name) {
  const text = readFileSync(new URL(`node_modules/stripe/esm/resources/${file}.d.ts`, import.meta.url), 'utf8');
  const found = [];
  let depth = 0;
  for (const line of text.slice(text.indexOf(`interface ${name} {`)).split('\n')) {
    if (/^\s*(\/?\*)/.test(line)) continue;
    const property = line.match(/^\s+([a-z0-9_]+):/);
    if (depth === 1 && property) found.push(property[1]);
    depth += line.split('{').length - line.split('}').length;
    if (depth === 0) break;
  }
  assert.ok(found.length > 5, `${file} ${name}`);
  return found;
}

test('objects have every property', async () => {
  const form =
    'mode=payment&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=9900' +
    '&line_items[0][price_data][product_data][name]=x&success_url=https://a.example/';
  const session = await send('POST', '/v1/checkout/sessions', form);
  const { id: intent } = await double.control('pay', { session: session.id, method: 'card' });
  const { id: refund } = await double.control('do/refund', { id: intent, amount: 100 });
  const { id: dispute } = await double.control('do/dispute', { id: intent });
  const paid = await send('GET', `/v1/payment_intents/${intent}?expand[]=latest_charge`);
  const events = await send('GET', '/v1/events');
  for (const [file, name, object] of [
    ['Accounts', 'Account', await send('GET', `/v1/accounts/${account}`)],
    ['Checkout/Sessions', 'Session', session],
    ['Checkout/Sessions', 'Session', await send('GET', `/v1/checkout/sessions/${session.id}`)],
    ['PaymentIntents', 'PaymentIntent', paid],
    ['Charges', 'Charge', paid.latest_charge],
    ['Refunds', 'Refund', await send('GET', `/v1/refunds/${refund}`)],
    ['Disputes', 'Dispute', await send('GET', `/v1/disputes/${dispute}`)],
    ['Events', 'EventBase', events.data[0]],
  ]) {
    const missing = required(file, name).filter((property) => !(property in object));
    assert.deepEqual(missing, [], name);
  }
});
