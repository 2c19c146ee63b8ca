// Takes a user through a sign-in on the pages: runs a step, then shows the page of the challenge that follows, or answers the
// application. The steps are those of the API (cognito-idp/sign-in); what is pending travels in the form, sealed, so that two
// tabs are two sign-ins, and going back does no harm.
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

/** A challenge that waits for its answer. */
export interface Pending {
  readonly challenge: ChallengeNameType
  readonly parameters: Readonly<Record<string, string>>
  readonly available?: readonly ChallengeNameType[]
  readonly session: string
  /** USERNAME of the answer. */
  readonly username: string
}

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
  | { kind: 'refused'; error: SignInRefused | ApiError }

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
    { provider: 'COGNITO', proofs: state.proofs },
    request.source,
  ),
  user,
})

/** Runs a step with these parameters. Throws OAuthError for the application. */
export async function take(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  step: Step,
  { parameters, session }: { parameters: Readonly<Record<string, string>>; session?: string },
): Promise<Taken> {
  const { pool, client } = asked
  const { remoteAddress, source } = request
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
  }
  let next: Challenged | Signed | { kind: 'tokens' }
  try {
    next = await advance(context, told, step, openSession)
  } catch (error) {
    if (error instanceof SignInRefused || error instanceof ApiError) return { kind: 'refused', error }
    throw error
  }
  switch (next.kind) {
    case 'challenge':
      return { kind: 'challenge', pending: pendingOf(next, parameters) }
    case 'signed-in': {
      const response = await answerAuthorization(context, asked, next, source)
      response.headers.append('set-cookie', sessionCookie(context, request, next.session))
      return { kind: 'done', response }
    }
    case 'tokens':
      throw new Error('A step of the login pages gave tokens.')
  }
}

function pendingOf(
  { name: challenge, parameters, available, session = '' }: Challenged,
  answered: Readonly<Record<string, string>>,
): Pending {
  const username = parameters['USER_ID_FOR_SRP'] ?? parameters['USERNAME'] ?? answered['USERNAME'] ?? ''
  return { challenge, parameters, session, username, ...(available && { available }) }
}
