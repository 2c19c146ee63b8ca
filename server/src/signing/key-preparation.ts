// Makes the signing keys of new pools before their first sign-in needs them.
//
// A key costs a tenth of a second of computing, so no answer waits for it: new pools are noted here, and a background
// task makes their keys one after another. A sign-in that comes first makes its key itself (signing-keys.ts). What is
// noted is lost when the server stops, with no harm.
import type { Context } from '../context.ts'

/** The pools whose keys are to be made. Made once for a server (context.ts). */
export interface KeyPreparation {
  /** Notes that a pool will need keys. */
  note(userPoolId: string): void
  /** Makes the keys of the pools noted so far. `stopped` ends it between two keys. */
  makeKeys(stopped: () => boolean): Promise<void>
}

export function createKeyPreparation({ keys, userPools }: Pick<Context, 'keys' | 'userPools'>): KeyPreparation {
  const waiting = new Set<string>()
  return {
    note: (userPoolId) => void waiting.add(userPoolId),
    async makeKeys(stopped) {
      for (const userPoolId of waiting) {
        waiting.delete(userPoolId)
        for (const use of ['access', 'id'] as const) {
          // A pool that is gone by its turn must not leave a key behind.
          if (!stopped() && (await userPools.pool(userPoolId))) await keys.signingKey(userPoolId, use)
        }
      }
    },
  }
}
