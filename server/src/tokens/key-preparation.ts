// Makes the signing keys of a new pool before its first sign-in needs them.
//
// A key costs a tenth of a second of computing on a thread of its own, so nobody waits for it here: pools take their
// turn one after another, and a sign-in that comes first makes its key itself (signing-keys.ts).
import type { Context } from '../context.ts'

type Parts = Pick<Context, 'keys' | 'settings' | 'log'>

const queues = new WeakMap<Context['keys'], Promise<void>>()

/** Queues the making of the pool's keys and returns at once. */
export function prepareSigningKeys(context: Parts, userPoolId: string): void {
  const before = queues.get(context.keys) ?? Promise.resolve()
  queues.set(
    context.keys,
    before
      .then(() => makeKeys(context, userPoolId))
      .catch((err) => context.log.warn({ err, userPoolId }, 'signing keys were not made ahead')),
  )
}

async function makeKeys({ keys, settings }: Parts, userPoolId: string): Promise<void> {
  for (const use of ['access', 'id'] as const) {
    // A pool that is gone by its turn must not leave a key behind.
    if (await settings.pool(userPoolId)) await keys.signingKey(userPoolId, use)
  }
}
