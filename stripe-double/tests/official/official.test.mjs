// Stripe's own library speaks to the double as it does to Stripe.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { SECRET, client, start } from './double.mjs';

const webhooks = [];
let inbox, double, stripe, account;

before(async () => {
  inbox = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    webhooks.push({ signature: request.headers['stripe-signature'], body: Buffer.concat(chunks) });
    response.end();
  });
  inbox.listen(0, '127.0.0.1');
  await once(inbox, 'listening');
  double = await start('--webhook', `http://127.0.0.1:${inbox.address().port}/`);
  stripe = client(double.url);
});

after(async () => {
  await double.stop();
  inbox.close();
});

const on = () => ({ stripeAccount: account.id });

const invoice = (more = {}) => ({
  mode: 'payment',
  line_items: [
    { quantity: 1, price_data: { currency: 'eur', unit_amount: 12345, product_data: { name: 'Invoice 7', description: 'March' } } },
  ],
  success_url: 'https://postern.example/done?s={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://postern.example/back',
  customer_email: 'payer@client.example',
  client_reference_id: 'invoice-7',
  expires_at: Math.floor(Date.now() / 1000) + 3600,
  metadata: { invoice: '7' },
  payment_intent_data: { metadata: { invoice: '7' }, description: 'Invoice 7' },
  ...more,
});

test('an account is made, linked and enabled', async () => {
  account = await stripe.accounts.create({
    country: 'DE',
    email: 'owner@studio.example',
    business_profile: { name: 'Studio' },
    controller: {
      fees: { payer: 'account' },
      losses: { payments: 'stripe' },
      requirement_collection: 'stripe',
      stripe_dashboard: { type: 'full' },
    },
  });
  assert.equal(account.charges_enabled, false);
  const link = await stripe.accountLinks.create({
    account: account.id,
    type: 'account_onboarding',
    refresh_url: 'https://postern.example/refresh',
    return_url: 'https://postern.example/return',
  });
  assert.equal(link.object, 'account_link');
  assert.equal((await fetch(link.url)).status, 200);
  await assert.rejects(stripe.checkout.sessions.create(invoice(), on()), { type: 'StripeInvalidRequestError', statusCode: 400 });
  await double.control('do/enable', { id: account.id });
  assert.equal((await stripe.accounts.retrieve(account.id)).charges_enabled, true);
  assert.equal(account.lastResponse.requestId.slice(0, 4), 'req_');
});

test('a session is made, paid, looked up, listed and refunded', async () => {
  const session = await stripe.checkout.sessions.create(invoice(), on());
  assert.equal(session.amount_total, 12345);
  assert.equal(session.payment_intent, null);
  const { id } = await double.control('pay', { session: session.id, method: 'card' });
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge', 'line_items'] }, on());
  assert.equal(paid.payment_status, 'paid');
  assert.equal(paid.payment_intent.id, id);
  assert.equal(paid.payment_intent.latest_charge.amount_captured, 12345);
  assert.equal(paid.line_items.data[0].amount_total, 12345);
  const found = await stripe.checkout.sessions.list({ payment_intent: id, created: { gte: session.created } }, on());
  assert.deepEqual(found.data.map((row) => row.id), [session.id]);
  const refund = await stripe.refunds.create({ payment_intent: id, amount: 345, metadata: { why: 'test' } }, on());
  assert.equal(refund.status, 'succeeded');
  assert.equal((await stripe.refunds.list({ payment_intent: id }, on())).data.length, 1);
  await assert.rejects(stripe.refunds.create({ payment_intent: id, amount: 12001 }, on()), { statusCode: 400 });
  await stripe.refunds.create({ payment_intent: id }, on());
  await assert.rejects(stripe.refunds.create({ payment_intent: id }, on()), { code: 'charge_already_refunded' });
});

test('a session expires once', async () => {
  const session = await stripe.checkout.sessions.create(invoice(), on());
  assert.equal((await stripe.checkout.sessions.expire(session.id, {}, on())).status, 'expired');
  await assert.rejects(stripe.checkout.sessions.expire(session.id, {}, on()), { message: /status in \["open"\]/ });
});

test('pages of a list are walked by the library', async () => {
  for (let n = 0; n < 3; n += 1) await stripe.checkout.sessions.create(invoice(), on());
  const ids = [];
  for await (const session of stripe.checkout.sessions.list({ limit: 2 }, on())) ids.push(session.id);
  assert.equal(new Set(ids).size, 5);
  const types = [];
  for await (const event of stripe.events.list({ limit: 3 }, on())) types.push(event.type);
  assert.ok(types.includes('checkout.session.completed') && types.includes('account.updated'));
});

test('errors are of the classes that the library knows', async () => {
  const rejects = (promise, type, more = {}) => assert.rejects(promise, { type, ...more });
  await rejects(stripe.checkout.sessions.create(invoice({ nonsense: 1 }), on()), 'StripeInvalidRequestError', { code: 'parameter_unknown', param: 'nonsense' });
  await rejects(stripe.checkout.sessions.retrieve('cs_test_other', {}, on()), 'StripeInvalidRequestError', { code: 'resource_missing', statusCode: 404 });
  await rejects(client(double.url).accounts.retrieve('acct_other'), 'StripePermissionError', { code: 'account_invalid' });
  const key = { ...on(), idempotencyKey: 'one' };
  const first = await stripe.checkout.sessions.create(invoice({ expires_at: undefined }), key);
  const again = await stripe.checkout.sessions.create(invoice({ expires_at: undefined }), key);
  assert.equal(again.id, first.id);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
  await rejects(stripe.checkout.sessions.create(invoice({ locale: 'de' }), key), 'StripeIdempotencyError');
  await double.control('misbehave', { what: 'rate_limited' });
  await rejects(stripe.accounts.retrieve(account.id), 'StripeRateLimitError');
  await double.control('misbehave', { what: { refuse: 503 } });
  await rejects(stripe.accounts.retrieve(account.id), 'StripeAPIError');
  // Twice: the library sends once more by itself where a connection that was kept open ends.
  await double.control('misbehave', { times: 2, what: 'drop_connection_before' });
  await rejects(stripe.accounts.retrieve(account.id), 'StripeConnectionError');
});

test('the library tries again by itself, and nothing is made twice', async () => {
  const patient = client(double.url, { maxNetworkRetries: 2 });
  const before = (await (await fetch(new URL('/_control/state', double.url))).json()).sessions.length;
  await double.control('misbehave', { method: 'POST', path: '/v1/checkout', what: 'drop_connection_after' });
  const session = await patient.checkout.sessions.create(invoice(), on());
  assert.equal(session.lastResponse.headers['idempotent-replayed'], 'true');
  const state = await (await fetch(new URL('/_control/state', double.url))).json();
  assert.equal(state.sessions.length, before + 1);
});

test('webhooks are signed so that the library takes them', async () => {
  for (let n = 0; n < 100 && !webhooks.some(({ body }) => body.includes('charge.refunded')); n += 1) {
    await new Promise((done) => setTimeout(done, 50));
  }
  const events = webhooks.map(({ body, signature }) => stripe.webhooks.constructEvent(body, signature, SECRET));
  assert.ok(events.length > 5 && events.every((event) => event.account === account.id && event.livemode === false));
  const { body, signature } = webhooks[0];
  const bad = { type: 'StripeSignatureVerificationError' };
  assert.throws(() => stripe.webhooks.constructEvent(body, signature, 'whsec_other'), bad);
  assert.throws(() => stripe.webhooks.constructEvent(`${body} `, signature, SECRET), bad);
});
