// Makes the signing keys of new pools before their first sign-in needs them.
//
// A key costs a tenth of a second of computing, so no answer waits for it: new pools are noted here, and a background
// task makes their keys one after another. A sign-in that comes first makes its key itself (signing-keys.ts). What is
// noted is lost when the server stops, with no harm.
import type { Context } from '../context.ts'

type Parts = Pick<Context, 'keys' | 'settings'>

const waiting = new WeakMap<Parts['keys'], Set<string>>()

/** Notes that a pool will need keys. */
export function noteNewPool({ keys }: Pick<Parts, 'keys'>, userPoolId: string): void {
  const pools = waiting.get(keys) ?? new Set()
  waiting.set(keys, pools.add(userPoolId))
}

/** Makes the keys of the pools noted so far. `stopped` ends it between two keys. */
export async function makeKeysAhead({ keys, settings }: Parts, stopped: () => boolean): Promise<void> {
  const pools = waiting.get(keys) ?? new Set()
  for (const userPoolId of pools) {
    pools.delete(userPoolId)
    for (const use of ['access', 'id'] as const) {
      // A pool that is gone by its turn must not leave a key behind.
      if (!stopped() && (await settings.pool(userPoolId))) await keys.signingKey(userPoolId, use)
    }
  }
}
