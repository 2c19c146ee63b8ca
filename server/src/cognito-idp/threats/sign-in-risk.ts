// What threat protection does in a sign-in: judges its risk once, when the first proof is given, and keeps an event of it.
// What follows is decided by next-step.ts. In a pool without threat protection nothing is read or written.
// docs/reference/user-pools.md 15.
import type { Context } from '../../context.ts'
import type { ChallengeResponseType } from '../../contract/cognito-idp.types.ts'
import type { SignInRefusalReason } from '../../events.ts'
import { limits } from '../limits.ts'
import { deliverActivity } from '../log-delivery/deliver-activity.ts'
import { SignInRefused } from '../sign-in/refused.ts'
import { readSession } from '../sign-in/session.ts'
import type { Place, Progress, RiskAction, Signer, SignInRequest, SignInState } from '../sign-in/sign-in.ts'
import { isInRanges } from './address-lists.ts'
import { passedChallenges } from './event-rules.ts'
import { listEvents, writeOutcome } from './event-store.ts'
import { notifyOfRisk } from './notify.ts'
import { type ProtectionMode, protectionMode, riskConfiguration } from './protection-rules.ts'
import { placeOf, writeEvent } from './record-event.ts'
import { actionFor, judge } from './risk-rules.ts'

/** Throws SignInRefused for an address of BlockedIPRangeList, before anything else is looked at. */
export function requireAllowedAddress({ pool, client, source }: SignInRequest): void {
  if (protectionMode(pool.settings) !== 'ENFORCED') return
  const exceptions = riskConfiguration(pool.settings, client.settings)?.RiskExceptionConfiguration
  if (isInRanges(exceptions?.BlockedIPRangeList, source.address)) throw new SignInRefused('blocked-address')
}

/** The mode of a custom sign-in is a setting of its own. */
const modeOf = ({ pool }: Place, { began }: SignInState): ProtectionMode => {
  const mode = protectionMode(pool.settings)
  if (mode === 'OFF' || began !== 'custom') return mode
  return pool.settings.UserPoolAddOns?.AdvancedSecurityAdditionalFlows?.CustomAuthMode ?? 'OFF'
}

/** The state with the risk of the sign-in, once its user has given a proof. */
export async function withRisk(
  context: Context,
  request: SignInRequest,
  { signer: { user }, state, compromised }: Progress,
): Promise<SignInState> {
  const isProven = state.began === 'custom' ? state.decision === 'tokens' : state.proofs.length > 0
  const mode = modeOf(request, state)
  if (mode === 'OFF' || state.risk || !user || !isProven) return state
  const { pool, client, source } = request
  const set = riskConfiguration(pool.settings, client.settings)
  const place = placeOf(context, source)
  const skipped = isInRanges(set?.RiskExceptionConfiguration?.SkippedIPRangeList, source.address)
  const now = {
    ...place,
    at: context.clock.now(),
    knownDevice: state.proofs.includes('device'),
    knownBad: context.addresses.isBad(source.address),
    failing: context.failingAddresses.has(source.address),
  }
  const owner = { userPoolId: pool.id, sub: user.sub }
  const { level, reasons } = skipped
    ? { level: undefined, reasons: [] }
    : judge(now, await listEvents(context.db, owner, limits.eventsJudged.max))
  const action = mode === 'ENFORCED' ? actionFor(set?.AccountTakeoverRiskConfiguration, level) : 'NO_ACTION'
  const blocked = action === 'BLOCK'
  const event = await writeEvent(
    context,
    { pool, sub: user.sub, username: user.username, source },
    {
      type: 'SignIn',
      response: blocked ? 'Fail' : 'InProgress',
      challenges: passedChallenges(state.proofs),
      details: {
        ...place,
        clientId: client.clientId,
        decision: blocked ? 'Block' : level ? 'AccountTakeover' : 'NoRisk',
        ...(level && { level }),
        ...(reasons.length > 0 && { reasons }),
        ...(compromised && { compromised }),
      },
    },
  )
  const takeover = set?.AccountTakeoverRiskConfiguration
  if (mode === 'ENFORCED' && level && takeover?.Actions[`${level}Action`]?.Notify)
    await notifyOfRisk(context, request, { user, action, set: takeover.NotifyConfiguration, eventId: event, place })
  return { ...state, risk: { event, ...(action !== 'NO_ACTION' && { action: action as RiskAction }) } }
}

/** The sign-in got its tokens, or ended without. */
export async function recordEnd(
  context: Context,
  { pool, source }: Pick<SignInRequest, 'pool' | 'source'>,
  { subject: sub, user }: Signer,
  { risk, proofs }: SignInState,
  response: 'Pass' | 'Fail',
): Promise<void> {
  if (!risk) return
  const outcome = { id: risk.event, response, challenges: passedChallenges(proofs) } as const
  const event = await writeOutcome(context.db, { userPoolId: pool.id, sub }, outcome)
  if (event) deliverActivity(context, { pool, sub, username: user?.username, source }, event)
}

/** The refusals that are failures of the one who signs in, and the challenge that failed. Guesses beyond a lock are none. */
const failures: Partial<Record<SignInRefusalReason, ChallengeResponseType['ChallengeName']>> = {
  'wrong-password': 'Password',
  'compromised-password': 'Password',
  'wrong-code': 'Mfa',
  'wrong-software-token': 'Mfa',
  'used-software-token': 'Mfa',
  'wrong-passkey': 'Mfa',
  'cloned-passkey': 'Mfa',
  'wrong-device-secret': 'Mfa',
}

/** The refusals of whoever tries passwords at names, which an address counts. */
const guesses: readonly SignInRefusalReason[] = ['wrong-password', 'unknown-user']

type RefusedRequest = Place & Partial<Pick<SignInRequest, 'session' | 'source' | 'parameters'>>

/** Keeps that a sign-in was refused: in the event of the sign-in where it has one, or as an event of its own. */
export async function recordRefusal(
  context: Context,
  request: RefusedRequest,
  { reason, sub, username }: SignInRefused,
): Promise<void> {
  const { pool, client, source, parameters } = request
  if (protectionMode(pool.settings) === 'OFF') return
  if (guesses.includes(reason))
    await context.failingAddresses.count(source?.address, pool.id, parameters?.USERNAME ?? '')
  // For a name that belongs to nobody a statement runs as well (docs/reference/threats.md 2).
  if (reason === 'unknown-user') {
    await writeOutcome(context.db, { userPoolId: pool.id, sub: '' }, { id: '', response: 'Fail', challenges: [] })
    return
  }
  const failed = failures[reason]
  if (failed === undefined || sub === undefined || !source) return
  const challenges: ChallengeResponseType[] = [{ ChallengeName: failed, ChallengeResponse: 'Failure' }]
  const actor = { pool, sub, username, source }
  const state = stateOf(context, request, sub)
  if (state?.risk) {
    const all = [...passedChallenges(state.proofs), ...challenges]
    const outcome = { id: state.risk.event, response: 'Fail', challenges: all } as const
    const event = await writeOutcome(context.db, { userPoolId: pool.id, sub }, outcome)
    if (event) deliverActivity(context, actor, event)
    return
  }
  const compromised = reason === 'compromised-password'
  const decision = compromised ? 'Block' : 'NoRisk'
  const details = {
    ...placeOf(context, source),
    clientId: client.clientId,
    decision,
    ...(compromised && { compromised }),
  } as const
  await writeEvent(context, actor, { type: 'SignIn', response: 'Fail', challenges, details })
}

const stateOf = (context: Context, request: RefusedRequest, sub: string): SignInState | undefined => {
  const session = readSession(context, { ...request, session: request.session })
  return session?.subject === sub ? session.state : undefined
}
