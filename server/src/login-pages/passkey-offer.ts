// The offer of a passkey at the end of a sign-in: the page knows by it that the user has just given the proofs which this
// request asks for, and answers the application without asking again.
import type { Place } from '../cognito-idp/sign-in/sign-in.ts'
import type { Context } from '../context.ts'
import { isAlive } from '../effects/time-rules.ts'
import { redirect } from '../oauth/authorize/redirect.ts'
import type { BrowserSession } from '../oauth/browser-session.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import { ADD_PASSKEY } from './first-factor-rules.ts'
import { limits } from './limits.ts'

const PURPOSE = 'passkey-offer'
const PARAMETER = 'offer'
const LIFETIME_MS = limits.signInSeconds.max * 1000

interface Offer {
  readonly session: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

/** The redirect to the page, with the authorization request. */
export function offerPasskey(
  context: Pick<Context, 'sealer' | 'clock'>,
  { path, query }: Pick<PoolRequest, 'path' | 'query'>,
  { client }: Place,
  session: BrowserSession,
): Response {
  const offer: Offer = { session: session.id, expiresAt: context.clock.now() + LIFETIME_MS }
  const sealed = context.sealer.sealJson(PURPOSE, offer, client.clientId)
  return redirect(`${path}${ADD_PASSKEY}?${query}&${new URLSearchParams({ [PARAMETER]: sealed })}`, 303)
}

/** Whether a request comes from an offer that was made to this session of the browser, for this app client. */
export function isOffered(
  context: Pick<Context, 'sealer' | 'clock'>,
  { query }: Pick<PoolRequest, 'query'>,
  { client }: Pick<Place, 'client'>,
  session: BrowserSession,
): boolean {
  const offer = context.sealer.openJson(PURPOSE, query.get(PARAMETER) ?? '', client.clientId) as Offer | undefined
  return offer?.session === session.id && isAlive(offer.expiresAt, LIFETIME_MS, context.clock.now())
}
