// The types that flows and challenges share. A flow begins a sign-in, a challenge continues it; each ends in an outcome
// and never calls another. `advance` (advance.ts) turns the outcome into the next challenge or tokens.

import type { Context } from '../../context.ts'
import type { AuthFlowType, ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import type { Group } from '../groups/group-store.ts'
import type { IssuedTokens } from '../tokens/issue.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'

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
  readonly session: string | undefined
  readonly remoteAddress: string | undefined
}

/** A proof of the user's identity that was given within one sign-in. */
export type Proof = 'password' | 'new-password'

/** The user gave these proofs; next-step.ts decides what follows. `groups` is absent when a step has not read them. */
export interface Proven {
  kind: 'proven'
  user: StoredUser
  groups?: readonly Group[]
  proofs: readonly Proof[]
}

export type Outcome =
  | Proven
  /** A challenge that belongs to a flow, such as the second half of SRP. */
  | { kind: 'challenge'; name: ChallengeNameType; parameters: Record<string, string>; session?: string }
  /** Tokens without a new sign-in: a refresh. */
  | { kind: 'tokens'; tokens: IssuedTokens & { RefreshToken?: string } }

export type Step = (context: Context, request: SignInRequest) => Promise<Outcome>

export interface Flow {
  /** The flow by which a client allows it (auth-flow-rules.ts). */
  readonly allowedAs: Exclude<AuthFlowType, 'ADMIN_NO_SRP_AUTH' | 'REFRESH_TOKEN'>
  /** Which operations accept the flow: InitiateAuth, AdminInitiateAuth, or both. */
  readonly door: 'public' | 'admin' | 'both'
  readonly begin: Step
}

/** The value of a required parameter. Throws InvalidParameterException when it is missing or empty. */
export function requireParameter(request: Pick<SignInRequest, 'parameters'>, name: string): string {
  const value = request.parameters[name]
  if (value === undefined || value === '')
    throw new ApiError('InvalidParameterException', `Missing required parameter ${name}`)
  return value
}
