// The types that flows and challenges share. A flow begins a sign-in, a challenge continues it; each says what is known
// now and never calls another. `advance` (advance.ts) asks next-step.ts what follows.

import type { Context } from '../../context.ts'
import type {
  AccountTakeoverEventActionType,
  AuthFlowType,
  ChallengeNameType,
} from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import type { ChallengeResult } from '../../triggers/events/define-auth-challenge.ts'
import type { SimulatedContact } from '../codes/simulated-contact.ts'
import type { Group } from '../groups/group-store.ts'
import type { RequestSource } from '../sessions/request-source.ts'
import type { IssuedTokens } from '../tokens/issue.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'
import type { Level } from './assurance-rules.ts'

/** Where a user signs in. */
export interface Place {
  readonly pool: UserPool
  readonly client: UserPoolClient
}

/** A call of InitiateAuth, RespondToAuthChallenge or their Admin counterparts. */
export interface SignInRequest extends Place {
  /** True for the Admin operations. */
  readonly admin: boolean
  /** AuthParameters or ChallengeResponses; the object has no prototype, as the caller chooses the keys. */
  readonly parameters: Readonly<Record<string, string>>
  /**
   * What the application tells the pool's triggers: ClientMetadata of the call that begins a sign-in, which the triggers
   * before the first proof get, and of an answer (docs/reference/user-pools.md 13.4).
   */
  readonly validationData: Readonly<Record<string, string>> | undefined
  readonly clientMetadata: Readonly<Record<string, string>> | undefined
  readonly session: string | undefined
  /** The address that the request came from, which budgets count. */
  readonly remoteAddress: string | undefined
  /** Where the user is, as their list of sessions shows it. */
  readonly source: RequestSource
  /** AnalyticsEndpointId of the call (analytics/). */
  readonly endpoint?: string | undefined
  /** The same as in SignInState, of a page, which says it with every step. */
  readonly levels?: readonly Level[]
}

/**
 * A proof of the user's identity that was given within one sign-in. `sign-up`: the user has just signed up, or confirmed
 * that (sign-up-session.ts). `verified-passkey`: the authenticator verified its user as well, which the pool takes for two
 * factors.
 */
export type Proof =
  | 'password'
  | 'new-password'
  | 'sms-code'
  | 'email-code'
  | 'software-token'
  | 'recovery-code'
  | 'passkey'
  | 'verified-passkey'
  | 'sign-up'
  | 'device'

/** What is known of a sign-in that has not ended. It is sealed into the session between two calls (session.ts). */
export interface SignInState {
  /** What the sign-in began with, which decides how the first proof is given. */
  readonly began: 'password' | 'choice' | 'custom'
  /** In the order they were given. */
  readonly proofs: readonly Proof[]
  /** The levels of assurance that the application asks for by the API, the most wanted first (assurance-rules.ts). */
  readonly levels?: readonly Level[]
  /**
   * The factor that the user chose of several; PASSWORD_VERIFIER for PASSWORD_SRP once the client has sent its SRP_A;
   * SELECT_MFA_TYPE for a user who wants to choose another one than the preferred (ask-again.ts).
   */
  readonly chosen?: ChallengeNameType
  /** The passkey that was used is on an authenticator that goes from device to device, such as a security key. */
  readonly roaming?: true
  /** The second factor that the user sets up by answering its challenge (challenges/mfa-setup.ts). */
  readonly settingUp?: 'EMAIL_OTP'
  /** The device that the sign-in comes from, where the pool tracks devices and the user has confirmed it. */
  readonly device?: SignInDevice
  /** What threat protection has found when the first proof was given (threats/sign-in-risk.ts). */
  readonly risk?: SignInRisk
  /** What the pending challenge needs to judge its answer: made by its `announce`, read by its `answer`. */
  readonly pending?: Readonly<Record<string, string>>
  /** Of a custom sign-in: names what is kept of it (custom-state.ts). */
  readonly custom?: string
  /** Of a custom sign-in: what the last challenge has shown, until the pool's trigger is asked what follows. */
  readonly result?: ChallengeResult
  /** Of a custom sign-in: what the trigger has decided (custom-decision.ts). */
  readonly decision?: CustomDecision
}

export interface SignInRisk {
  /** The id of the event that is kept of the sign-in. */
  readonly event: string
  /** What the risk asks for; absent where nothing. */
  readonly action?: RiskAction
}

export type RiskAction = Exclude<AccountTakeoverEventActionType, 'NO_ACTION'>

/** Tokens, a refusal, or the challenge that follows. */
export type CustomDecision = 'tokens' | 'fail' | ChallengeNameType

export interface SignInDevice {
  readonly key: string
  /** Whether it may take the place of a second factor. */
  readonly remembered: boolean
  /** Its SRP has begun: the second half follows. */
  readonly begun?: true
}

/** The user who signs in; also a name that belongs to nobody, where the client hides who exists. */
export interface Signer {
  /** The user's sub, or the subjectOfUnknown of a name that belongs to nobody (attempts/attempts.ts). */
  readonly subject: string
  /** The username, or what would be shown as one. */
  readonly userId: string
  /** Undefined for a name that belongs to nobody. */
  readonly user: StoredUser | undefined
  /**
   * Where a code would seem to go, where the client hides who exists: of a name that belongs to nobody, in a custom sign-in
   * also of a user without a number.
   */
  readonly simulated?: SimulatedContact
}

/** A sign-in goes on: next-step.ts decides how. `groups` is absent when a step has not read them. */
export interface Progress {
  kind: 'progress'
  signer: Signer
  groups?: readonly Group[]
  state: SignInState
  /** Of a custom sign-in: its challenges so far, oldest first. */
  history?: readonly ChallengeResult[]
  /** The password is known from a breach, which the event of the sign-in says. */
  compromised?: true
}

export type Outcome =
  | Progress
  /** Tokens without a new sign-in: a refresh. */
  | { kind: 'tokens'; tokens: IssuedTokens & { RefreshToken?: string } }

/** Judges a request. Throws SignInRefused (refused.ts), or an ApiError for parameters that are missing or malformed. */
export type Step = (context: Context, request: SignInRequest) => Promise<Outcome>

export interface Flow {
  /** The flow by which a client allows it (auth-flow-rules.ts). */
  readonly allowedAs: Exclude<AuthFlowType, 'ADMIN_NO_SRP_AUTH' | 'REFRESH_TOKEN'>
  /** Which operations accept the flow: InitiateAuth, AdminInitiateAuth, or both. */
  readonly door: 'public' | 'admin' | 'both'
  readonly begin: Step
}

/** What is sent with a challenge. */
export interface Announcement {
  readonly parameters: Record<string, string>
  /** AvailableChallenges of the response. */
  readonly available?: readonly ChallengeNameType[]
  readonly pending?: SignInState['pending']
  /** What is kept of a custom sign-in. */
  readonly custom?: string
  /** The parameters hold all that the answer needs: no session goes with them. */
  readonly withoutSession?: boolean
}

export interface Challenge {
  /**
   * Makes ready what the challenge needs, such as a code that is sent, and says what goes with it. `among` are the factors
   * to choose from.
   */
  readonly announce: (
    context: Context,
    request: SignInRequest,
    progress: Progress,
    among: readonly ChallengeNameType[],
  ) => Announcement | Promise<Announcement>
  /** Judges the answer. */
  readonly answer: Step
}

/**
 * The state with one more proof; what was pending is over. A custom sign-in's trigger is told of it, by the challenge that
 * was answered: `challengeName` where the proof does not say which.
 */
export const withProof = (
  { pending, ...state }: SignInState,
  proof: Proof,
  challengeName: string = challengeOf[proof] ?? proof,
): SignInState => ({
  ...state,
  proofs: [...state.proofs, proof],
  ...(state.began === 'custom' && { result: { challengeName, challengeResult: true } }),
})

/** The challenges of custom sign-ins that give a proof, as triggers know them (docs/reference/user-pools.md 13.3). */
const challengeOf: Partial<Record<Proof, ChallengeNameType>> = {
  password: 'PASSWORD_VERIFIER',
  'sms-code': 'SMS_MFA',
  'email-code': 'EMAIL_OTP',
  'software-token': 'SOFTWARE_TOKEN_MFA',
  device: 'DEVICE_PASSWORD_VERIFIER',
}

/** The value of a required parameter. Throws InvalidParameterException when it is missing or empty. */
export function requireParameter(request: Pick<SignInRequest, 'parameters'>, name: string): string {
  const value = request.parameters[name]
  if (value === undefined || value === '')
    throw new ApiError('InvalidParameterException', `Missing required parameter ${name}`)
  return value
}
