// Tokens by which this server proves to push services who it is, kept until shortly before they expire. One is asked for at
// a time for each place.
import type { Clock } from '../effects/effects.ts'

export interface AccessToken {
  readonly token: string
  readonly lifeMs: number
}

export interface AccessTokens {
  /** The token of a place, made or asked for by `ask` when there is none that is good. */
  get(place: object, ask: () => Promise<AccessToken>): Promise<string>
  /** Drops a token that was refused; a newer one stays. */
  drop(place: object, token: string): void
}

/** A token is not used in the last tenth of its life. */
const USED_FOR = 0.9

export function createAccessTokens(clock: Clock): AccessTokens {
  const known = new WeakMap<
    object,
    { asked: Promise<AccessToken>; token: string | undefined; from: number; until: number }
  >()
  return {
    async get(place, ask) {
      const now = clock.now()
      const before = known.get(place)
      // A clock that was set back must not keep a token for longer.
      if (before && now < before.until && now >= before.from) return (await before.asked).token
      const entry = { asked: ask(), token: undefined as string | undefined, from: now, until: Number.POSITIVE_INFINITY }
      known.set(place, entry)
      try {
        const { token, lifeMs } = await entry.asked
        entry.token = token
        entry.until = now + lifeMs * USED_FOR
        return token
      } catch (error) {
        if (known.get(place) === entry) known.delete(place)
        throw error
      }
    },
    drop(place, token) {
      if (known.get(place)?.token === token) known.delete(place)
    },
  }
}
