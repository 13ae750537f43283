// What the double and stripe-stateful-mock, a fake that others wrote, both know: refunds, idempotency keys, access.
// They were written apart, from what Stripe does; where they answer alike, neither made it up alone.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { createRequire } from 'node:module';
import { client, start } from './double.mjs';

const { createExpressApp } = createRequire(import.meta.url)('stripe-stateful-mock');

let double, fake, sides;

// A paid charge over 100.00 EUR at a connected account, made in the way of each side.
before(async () => {
  double = await start();
  fake = createServer(createExpressApp());
  fake.listen(0, '127.0.0.1');
  await once(fake, 'listening');
  const fakeUrl = new URL(`http://127.0.0.1:${fake.address().port}`);

  const ours = client(double.url);
  const theirs = client(fakeUrl);
  const account = { type: 'standard', country: 'DE', email: 'a@b.example' };
  const our = (await ours.accounts.create(account)).id;
  const their = (await theirs.accounts.create({ ...account, type: 'custom' })).id;
  await double.control('do/enable', { id: our });
  sides = [
    {
      name: 'double', url: double.url, stripe: ours, on: { stripeAccount: our },
      charge: async () => {
        const { id } = await double.control('foreign', { account: our, amount: 10000, currency: 'eur' });
        return (await ours.paymentIntents.retrieve(id, {}, { stripeAccount: our })).latest_charge;
      },
    },
    {
      name: 'fake', url: fakeUrl, stripe: theirs, on: { stripeAccount: their },
      charge: async () =>
        (await theirs.rawRequest('POST', '/v1/charges', { amount: 10000, currency: 'eur', source: 'tok_visa' }, { stripeAccount: their })).id,
    },
  ];
});

after(async () => {
  await double.stop();
  fake.close();
  fake.closeAllConnections();
});

// What a request came to, without what must differ.
async function outcome(promise) {
  try {
    const done = await promise;
    return { amount: done.amount, status: done.status, replayed: done.lastResponse.headers['idempotent-replayed'] };
  } catch (error) {
    return { status: error.statusCode, type: error.type, code: error.code };
  }
}

async function alike(what, steps) {
  const [ours, theirs] = await Promise.all(sides.map(steps));
  assert.ok(ours.length > 0);
  assert.deepEqual(ours, theirs, what);
}

test('refunds', () =>
  alike('refunds', async ({ stripe, on, charge }) => {
    const id = await charge();
    const outcomes = [];
    for (const params of [
      { charge: id, amount: 0 },
      { charge: id, amount: 100000000 },
      { charge: id, amount: 10001 },
      { charge: id, amount: 2500 },
      { charge: id, amount: 7501 },
      { charge: id },
      { charge: id },
      { charge: id, amount: 1 },
      { charge: 'ch_other' },
    ]) {
      outcomes.push(await outcome(stripe.refunds.create(params, on)));
    }
    const list = await stripe.refunds.list({ charge: id }, on);
    // Stripe lists the newest first, and so does the double; the fake cannot tell within a second.
    outcomes.push(list.data.map((refund) => refund.amount).sort());
    const after = await stripe.charges.retrieve(id, {}, on);
    outcomes.push({ amount_refunded: after.amount_refunded, refunded: after.refunded, paid: after.paid });
    return outcomes;
  }));

test('idempotency keys', () =>
  alike('keys', async ({ stripe, on, charge }) => {
    const id = await charge();
    const send = (amount, idempotencyKey) => outcome(stripe.refunds.create({ charge: id, amount }, { ...on, idempotencyKey }));
    return [
      await send(100, 'one'),
      await send(100, 'one'),
      await send(101, 'one'),
      await send(100, 'two'),
      await send(20000, 'three'),
      await send(20000, 'three'),
      (await stripe.refunds.list({ charge: id }, on)).data.length,
    ];
  }));

test('access', () =>
  alike('access', async ({ url, stripe, on, charge }) => {
    const id = await charge();
    const other = { stripeAccount: 'acct_other' };
    const nobody = await fetch(new URL('/v1/charges/x', url));
    const wrong = await fetch(new URL('/v1/charges/x', url), { headers: { authorization: 'Bearer nonsense' } });
    return [
      await outcome(stripe.charges.retrieve(id, {}, other)),
      await outcome(stripe.accounts.retrieve('acct_other')),
      await outcome(stripe.charges.retrieve('ch_other', {}, on)),
      await outcome(stripe.refunds.retrieve('re_other', {}, on)),
      { status: nobody.status, type: (await nobody.json()).error.type },
      { status: wrong.status, type: (await wrong.json()).error.type },
    ];
  }));
