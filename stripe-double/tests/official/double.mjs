// Starts the double on a port of its own, and stops it again.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import Stripe from 'stripe';

export const KEY = 'sk_test_official';
export const SECRET = 'whsec_official';

// `STRIPE_DOUBLE` names a binary that is built already; without it, cargo builds one.
export async function start(...more) {
  const given = process.env.STRIPE_DOUBLE;
  const program = given ? [given] : ['cargo', 'run', '--quiet', '-p', 'postern-stripe-double', '--bin', 'stripe-double', '--'];
  const args = [...program.slice(1), '--listen', '127.0.0.1:0', '--api-key', KEY, '--secret', SECRET, ...more];
  const double = spawn(program[0], args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: double.stdout }), 'line');
  const url = new URL(line.match(/http:\S+/)[0]);
  const stop = async () => {
    double.kill('SIGINT');
    await once(double, 'exit');
  };
  const control = async (what, body) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await fetch(new URL(`/_control/${what}`, url), init);
    if (!answer.ok) throw new Error(`${what}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  return { url, stop, control };
}

export function client(url, options = {}) {
  return new Stripe(KEY, { host: url.hostname, port: url.port, protocol: 'http', maxNetworkRetries: 0, ...options });
}
