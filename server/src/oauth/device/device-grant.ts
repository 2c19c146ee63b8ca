// The grant of a device without a browser (RFC 8628): begun by the device, which shows a code; allowed or denied by the user, who
// types the code in a browser elsewhere and signs in there; given to the device once, when it asks again.
// The row is found by the user's code; what the device has is sealed, and says which row.
import type { Place } from '../../cognito-idp/sign-in/sign-in.ts'
import type { SignIn } from '../../cognito-idp/tokens/claims.ts'
import type { Context } from '../../context.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { newUuid } from '../../effects/uuid.ts'
import { limits } from '../limits.ts'
import { OAuthError } from '../oauth-error.ts'
import type { PoolDoor } from '../pool-door.ts'
import {
  changeDeviceGrant,
  type DeviceGrantRow,
  findDeviceGrant,
  insertDeviceGrant,
  recordPoll,
} from './device-grant-store.ts'
import { userCodeOf } from './user-code-rules.ts'

/** Which grant: a code may be given anew after its grant has expired. */
export interface GrantKey {
  readonly codeKey: string
  readonly id: string
}

/** What the pages of a sign-in for a device carry along. */
export interface DeviceTicket extends GrantKey {
  /** For the page on which the user compares it. */
  readonly userCode: string
  /** The browser in which the code was typed (login-pages/device.tsx). */
  readonly browser: string
}

/** What the device has. */
interface DeviceCode {
  readonly codeKey: string
  readonly id: string
  readonly userPoolId: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

/** What the user has allowed. */
export interface AllowedSignIn {
  readonly sub: string
  readonly signIn: SignIn
}

const DEVICE_CODE = 'device-code'
const USER_CODE = 'user-code'
const REQUEST = 'device-request'
const ANSWER = 'device-answer'
const LIFETIME_MS = limits.deviceGrantSeconds.max * 1000

/** Seconds between two questions of a device (RFC 8628 3.2), and what each that comes too soon adds (RFC 8628 3.5). */
export const INTERVAL_SECONDS = 5
/** What a device may be too early by: its clock is no better. */
const TOLERANCE_MS = 1000

/** The page that says how it ended. */
export const DEVICE_END_PAGE = '/device/ended'

/** Where a browser goes in the end, in the place of a redirect URI: no application is answered there. By path, as all pages. */
export const deviceEnd = ({ path }: Pick<PoolDoor, 'path'>): string => `${path}${DEVICE_END_PAGE}`

const keyOf = ({ sealer }: Pick<Context, 'sealer'>, poolId: string, userCode: string): string =>
  sealer.mac(USER_CODE, JSON.stringify([poolId, userCode])).toString('base64url')

/**
 * A new grant for an authorization request that was checked (`parameters`: as a query). One statement, more for a code that
 * another device has.
 */
export async function beginDeviceGrant(
  context: Pick<Context, 'db' | 'sealer' | 'random' | 'clock'>,
  { pool, client }: Place,
  parameters: string,
): Promise<{ deviceCode: string; userCode: string }> {
  const id = newUuid(context.random)
  const expiresAt = context.clock.now() + LIFETIME_MS
  const { clientId } = client
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const userCode = userCodeOf(context.random.bytes(32))
    if (userCode === undefined) continue
    const codeKey = keyOf(context, pool.id, userCode)
    const isNew = await insertDeviceGrant(context.db, {
      code_key: codeKey,
      user_pool_id: pool.id,
      grant_id: id,
      client_id: clientId,
      request_sealed: context.sealer.sealJson(REQUEST, parameters, id),
      status: 'pending',
      answer_sealed: '',
      polled_at: 0,
      interval_seconds: INTERVAL_SECONDS,
      expires_at: expiresAt,
    })
    if (!isNew) continue
    const code: DeviceCode = { codeKey, id, userPoolId: pool.id, expiresAt }
    return { deviceCode: context.sealer.sealJson(DEVICE_CODE, code, clientId), userCode }
  }
  throw new Error('No user code is free.')
}

const ATTEMPTS = 16

export interface TypedDevice {
  readonly clientId: string
  /** The authorization request, as a query. */
  readonly parameters: string
  readonly key: GrantKey
}

/** The grant that waits for whoever types this code; undefined for a code of none. One statement. */
export async function findTypedDevice(
  context: Pick<Context, 'db' | 'sealer' | 'clock'>,
  poolId: string,
  userCode: string,
): Promise<TypedDevice | undefined> {
  const codeKey = keyOf(context, poolId, userCode)
  const row = await findDeviceGrant(context.db, codeKey, poolId)
  if (row?.status !== 'pending' || !isAlive(row.expires_at, LIFETIME_MS, context.clock.now())) return undefined
  const { grant_id: id, client_id: clientId, request_sealed: sealed } = row
  const parameters = context.sealer.openJson(REQUEST, sealed, id)
  return typeof parameters === 'string' ? { clientId, parameters, key: { codeKey, id } } : undefined
}

/** Lets the device have the sign-in. Throws OAuthError `expired_token` for a grant that does not wait any more. */
export async function allowDevice(
  context: Pick<Context, 'db' | 'sealer' | 'clock'>,
  poolId: string,
  key: GrantKey,
  allowed: AllowedSignIn,
): Promise<void> {
  const row = await findDeviceGrant(context.db, key.codeKey, poolId)
  const isOpen = row?.grant_id === key.id && isAlive(row.expires_at, LIFETIME_MS, context.clock.now())
  const answer = context.sealer.sealJson(ANSWER, allowed, key.id)
  const change = { from: 'pending', to: 'allowed', answer } as const
  if (!isOpen || !(await changeDeviceGrant(context.db, poolId, key, change)))
    throw new OAuthError('expired_token', 'the device does not wait any more')
}

/** Tells the device that the user does not want it. */
export async function denyDevice(context: Pick<Context, 'db'>, poolId: string, key: GrantKey): Promise<void> {
  await changeDeviceGrant(context.db, poolId, key, { from: 'pending', to: 'denied' })
}

/**
 * What the user has allowed the device of this client that has this code, once. Throws OAuthError (RFC 8628 3.5):
 * `authorization_pending`, `slow_down`, `access_denied`, `expired_token`, and `invalid_grant` for what is no code of this client,
 * or was used. Two statements.
 */
export async function takeDeviceGrant(
  context: Pick<Context, 'db' | 'sealer' | 'clock'>,
  { pool, client }: Place,
  text: string,
): Promise<AllowedSignIn> {
  const code = context.sealer.openJson(DEVICE_CODE, text, client.clientId) as DeviceCode | undefined
  if (code?.userPoolId !== pool.id) throw new OAuthError('invalid_grant')
  if (!isAlive(code.expiresAt, LIFETIME_MS, context.clock.now())) throw new OAuthError('expired_token')
  const row = await findDeviceGrant(context.db, code.codeKey, pool.id)
  if (row?.grant_id !== code.id) throw new OAuthError('invalid_grant')
  switch (row.status) {
    case 'pending':
      throw await waitingError(context, pool.id, code, row)
    case 'denied':
      throw new OAuthError('access_denied')
    case 'redeemed':
      throw new OAuthError('invalid_grant')
    case 'allowed': {
      const allowed = context.sealer.openJson(ANSWER, row.answer_sealed, code.id) as AllowedSignIn | undefined
      const isFirst = await changeDeviceGrant(context.db, pool.id, code, { from: 'allowed', to: 'redeemed' })
      if (!allowed || !isFirst) throw new OAuthError('invalid_grant')
      return allowed
    }
  }
}

async function waitingError(
  context: Pick<Context, 'db' | 'clock'>,
  poolId: string,
  code: DeviceCode,
  { polled_at: polledAt, interval_seconds: interval }: DeviceGrantRow,
): Promise<OAuthError> {
  const now = context.clock.now()
  const isSoon = now - polledAt < interval * 1000 - TOLERANCE_MS
  await recordPoll(context.db, poolId, code, { now, interval: isSoon ? interval + INTERVAL_SECONDS : interval })
  return new OAuthError(isSoon ? 'slow_down' : 'authorization_pending')
}
