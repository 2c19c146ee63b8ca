// Takes a user through a sign-in on the pages: runs a step, then shows the page of the challenge that follows, or answers the
// application. The steps are those of the API (cognito-idp/sign-in); what is pending travels in the form, sealed, so that two
// tabs are two sign-ins, and going back does no harm.
import { BudgetSpent } from '../budgets/budgets.ts'
import { advance, type Challenged, type Finish } from '../cognito-idp/sign-in/advance.ts'
import { SignInRefused } from '../cognito-idp/sign-in/refused.ts'
import type { SignInRequest, Step } from '../cognito-idp/sign-in/sign-in.ts'
import type { StoredUser } from '../cognito-idp/users/user-store.ts'
import type { Context } from '../context.ts'
import type { ChallengeNameType } from '../contract/cognito-idp.types.ts'
import { ApiError } from '../errors.ts'
import { answerAuthorization } from '../oauth/authorize/answer.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import { type BrowserSession, openBrowserSession, sessionCookie } from '../oauth/browser-session.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import { offersPasskey } from './first-factor-rules.ts'
import { limits } from './limits.ts'
import { offerPasskey } from './passkey-offer.ts'

/** A challenge that waits for its answer. */
export interface Pending {
  readonly challenge: ChallengeNameType
  readonly parameters: Readonly<Record<string, string>>
  readonly available?: readonly ChallengeNameType[]
  readonly session: string
  /** What could be asked for in its place. */
  readonly instead: readonly ChallengeNameType[]
  /** USERNAME of the answer. */
  readonly username: string
  /** The name by which the user has begun. */
  readonly typed: string
  /** What the user sets up as a second factor (challenges/set-up.tsx). */
  readonly setUp?: SettingUp
  /** Its last answer was refused. */
  readonly refused?: true
  /** Epoch milliseconds: when the sign-in, which began with another page, has taken too long. */
  readonly expiresAt: number
}

type SettingUp =
  | { readonly factor: 'EMAIL_OTP' }
  /** The secret in base32, and as an otpauth: link. */
  | { readonly factor: 'SOFTWARE_TOKEN_MFA'; readonly secret: string; readonly uri: string }

/** The field of the form that keeps it. */
export const PENDING_FIELD = 'pending'
const PURPOSE = 'login-page'

export const sealPending = (context: Pick<Context, 'sealer'>, asked: AuthorizationRequest, pending: Pending): string =>
  context.sealer.sealJson(PURPOSE, pending, asked.client.clientId)

export const openPending = (
  context: Pick<Context, 'sealer'>,
  asked: AuthorizationRequest,
  { form }: Pick<PoolRequest, 'form'>,
): Pending | undefined =>
  context.sealer.openJson(PURPOSE, form.get(PENDING_FIELD) ?? '', asked.client.clientId) as Pending | undefined

/** What came of a step. */
export type Taken =
  | { kind: 'challenge'; pending: Pending }
  /** The application's answer. */
  | { kind: 'done'; response: Response }
  | Refused

export interface Refused {
  kind: 'refused'
  error: SignInRefused | ApiError | BudgetSpent
}

/** Runs a part of a sign-in; what it throws as a refusal is one. */
export async function refusable<T>(work: () => Promise<T>): Promise<T | Refused> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SignInRefused || error instanceof ApiError || error instanceof BudgetSpent)
      return { kind: 'refused', error }
    throw error
  }
}

interface Signed {
  kind: 'signed-in'
  session: BrowserSession
  user: StoredUser
}

const openSession: Finish<Signed> = async (context, request, { subject: { user }, state }) => ({
  kind: 'signed-in',
  session: await openBrowserSession(
    context,
    request,
    user,
    { provider: 'COGNITO', proofs: state.proofs, ...(state.roaming && { roaming: true }) },
    request.source,
  ),
  user,
})

interface Taking {
  readonly parameters: Readonly<Record<string, string>>
  readonly session?: string
  /** The challenge that the step answers. */
  readonly before?: Pending
}

/** Runs a step with these parameters. Throws OAuthError and ApiError for the application. */
export async function take(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  step: Step,
  taking: Taking,
): Promise<Taken> {
  const { pool, client } = asked
  const { remoteAddress, source } = request
  const { parameters, session } = taking
  const told: SignInRequest = {
    pool,
    client,
    admin: false,
    parameters: Object.assign(Object.create(null), parameters),
    validationData: undefined,
    clientMetadata: undefined,
    session,
    remoteAddress,
    source,
    ...(asked.levels.length > 0 && { levels: asked.levels }),
  }
  const next = await refusable(() => advance(context, told, step, openSession))
  switch (next.kind) {
    case 'challenge':
      return { kind: 'challenge', pending: pendingOf(context, next, taking) }
    case 'signed-in':
      return { kind: 'done', response: await signedInResponse(context, request, asked, next) }
    case 'refused':
      return next
    case 'tokens':
      throw new Error('A step of the login pages gave tokens.')
  }
}

/** The application's answer, or first the page that offers a passkey, with the session of the browser. */
async function signedInResponse(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  signed: Signed,
): Promise<Response> {
  const response = offersPasskey(asked, signed, context.publicUrl)
    ? offerPasskey(context, request, asked, signed.session)
    : await answerAuthorization(context, asked, signed, request.source)
  response.headers.append('set-cookie', sessionCookie(context, request, signed.session))
  return response
}

function pendingOf(
  context: Pick<Context, 'clock'>,
  { name: challenge, parameters, available, instead, session = '' }: Challenged,
  { parameters: answered, before }: Taking,
): Pending {
  const username = parameters['USER_ID_FOR_SRP'] ?? parameters['USERNAME'] ?? answered['USERNAME'] ?? ''
  return {
    challenge,
    parameters,
    instead,
    session,
    username,
    typed: before?.typed ?? answered['USERNAME'] ?? username,
    expiresAt: before?.expiresAt ?? context.clock.now() + limits.signInSeconds.max * 1000,
    ...(available && { available }),
  }
}
