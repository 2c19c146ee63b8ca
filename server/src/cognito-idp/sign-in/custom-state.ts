// What is known of a custom sign-in between two calls: its challenges so far, and what the pool's triggers keep from the
// client. It may be longer than a session, which clients hold, so a row holds it, sealed; the session names the row. A row
// is written once and never changed: each challenge has its own.
import type { Context } from '../../context.ts'
import { newUuid } from '../../effects/uuid.ts'
import type { ChallengeResult } from '../../triggers/events/define-auth-challenge.ts'
import type { Texts } from '../../triggers/trigger.ts'
import { findCustomState, insertCustomState } from './custom-state-store.ts'
import { SignInRefused } from './refused.ts'
import { sessionMs } from './session.ts'
import type { SignInRequest } from './sign-in.ts'

export interface CustomState {
  /** Oldest first. */
  readonly history: readonly ChallengeResult[]
  /** privateChallengeParameters and challengeMetadata of the pending CUSTOM_CHALLENGE. */
  readonly secrets?: Texts
  readonly metadata?: string | undefined
}

const PURPOSE = 'custom-sign-in'

/** Keeps a state as long as a session lives; returns its id. One round trip. */
export async function keepCustomState(context: Context, request: SignInRequest, state: CustomState): Promise<string> {
  const id = newUuid(context.random)
  const { pool } = request
  await insertCustomState(context.db, {
    id,
    user_pool_id: pool.id,
    state_sealed: context.sealer.sealJson(PURPOSE, state, `${pool.id} ${id}`),
    expires_at: context.clock.now() + sessionMs(request),
  })
  return id
}

/** A kept state; that of a sign-in that begins is empty. Throws SignInRefused when it is gone. One round trip. */
export async function customStateOf(
  context: Context,
  { pool }: SignInRequest,
  id: string | undefined,
): Promise<CustomState> {
  if (id === undefined) return { history: [] }
  const sealed = await findCustomState(context.db, id, pool.id)
  const state = sealed && context.sealer.openJson(PURPOSE, sealed, `${pool.id} ${id}`)
  if (!state) throw new SignInRefused('invalid-session')
  return state as CustomState
}
