// The table of challenges: the step that judges a response, and the parameters sent with the challenge. A challenge
// that is not implemented yet has no entry; the error then names it.
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import type { StoredUser } from '../users/user-store.ts'
import { newPasswordParameters, newPasswordRequired } from './challenges/new-password-required.ts'
import { passwordVerifier } from './challenges/password-verifier.ts'
import type { Place, Step } from './sign-in.ts'

export interface Challenge {
  readonly answer: Step
  /** ChallengeParameters when the challenge follows a proof; absent for challenges that only a flow issues. */
  readonly parameters?: (place: Place, user: StoredUser) => Record<string, string>
}

export const challenges: Partial<Record<ChallengeNameType, Challenge>> = {
  PASSWORD_VERIFIER: { answer: passwordVerifier },
  NEW_PASSWORD_REQUIRED: { answer: newPasswordRequired, parameters: newPasswordParameters },
}
