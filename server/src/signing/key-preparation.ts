// Makes the signing keys of new pools before their first sign-in needs them.
//
// Making an RSA key takes a tenth of a second of CPU, so CreateUserPool does not wait for it: new pools are noted here,
// and a background task makes their keys one after another. A sign-in that comes earlier makes its key itself
// (signing-keys.ts), so nothing is lost when the server stops before the task ran.
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
          // Check again, so that no key is made for a pool deleted meanwhile.
          if (!stopped() && (await userPools.pool(userPoolId))) await keys.signingKey(userPoolId, use)
        }
      }
    },
  }
}
