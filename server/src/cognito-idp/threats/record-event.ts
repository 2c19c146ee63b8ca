// Keeps what users do, in pools with threat protection; in all others nothing is written (docs/reference/user-pools.md 15).
import type { Context } from '../../context.ts'
import type { EventResponseType, EventType } from '../../contract/cognito-idp.types.ts'
import { sha256Text } from '../../crypto/digest.ts'
import { timeOrderedUuid } from '../../crypto/random-ids.ts'
import { type Actor, deliverActivity } from '../log-delivery/deliver-activity.ts'
import { deviceType } from '../sessions/device-type.ts'
import type { RequestSource } from '../sessions/request-source.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { AuthEvent, EventDetails, EventPlace } from './event-rules.ts'
import { insertEvent } from './event-store.ts'
import { readFingerprint } from './fingerprint-rules.ts'
import { protectionMode } from './protection-rules.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Where a request comes from, as an event keeps it. */
export function placeOf(
  { addresses }: Pick<Context, 'addresses'>,
  { address, userAgent, encodedData }: RequestSource,
): EventPlace {
  const { deviceId, timezone } = readFingerprint(encodedData)
  const deviceName = deviceType(userAgent)
  return {
    ...(address !== undefined && { address }),
    deviceName,
    // Versions change with every update: the device stays the same one.
    device: sha256Text(deviceId ?? deviceName.replace(/[\d.]+/g, '')).slice(0, 22),
    ...(timezone !== undefined && { timezone }),
    ...addresses.placeOf(address),
  }
}

/** Writes an event, and gives its id. */
export async function writeEvent(
  context: Context,
  actor: Actor,
  happened: Pick<AuthEvent, 'type' | 'response' | 'challenges' | 'details'>,
): Promise<string> {
  const createdAt = context.clock.now()
  const id = timeOrderedUuid(createdAt, (count) => context.random.bytes(count))
  const expiresAt = createdAt + context.config.authEventDays * DAY_MS
  const event = { ...happened, id, createdAt }
  await insertEvent(context.db, { userPoolId: actor.pool.id, sub: actor.sub }, event, expiresAt)
  deliverActivity(context, actor, event)
  return id
}

interface Happening {
  readonly pool: UserPool
  readonly client: { readonly clientId: string }
  readonly user: { readonly sub: string; readonly username: string }
  readonly type: EventType
  readonly response: EventResponseType
  readonly source: RequestSource
  readonly compromised?: boolean
  /** The name of the provider of a sign-in by one. */
  readonly provider?: string
}

/** Keeps what is no sign-in, for which no risk is judged. */
export async function recordEvent(context: Context, happening: Happening): Promise<void> {
  const { pool, client, user, type, response, source, compromised, provider } = happening
  if (protectionMode(pool.settings) === 'OFF') return
  const details: EventDetails = {
    ...placeOf(context, source),
    clientId: client.clientId,
    decision: compromised && response === 'Fail' ? 'Block' : 'NoRisk',
    ...(compromised && { compromised }),
  }
  const actor = { pool, sub: user.sub, username: user.username, source, provider }
  await writeEvent(context, actor, { type, response, challenges: [], details })
}
