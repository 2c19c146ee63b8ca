// Every challenge: how it is answered, and what announces it. One that is not written yet has no entry and is answered
// by name.
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { StoredUser } from '../users/user-store.ts'
import { newPasswordParameters, newPasswordRequired } from './challenges/new-password-required.ts'
import { passwordVerifier } from './challenges/password-verifier.ts'
import type { Step } from './sign-in.ts'

export interface Challenge {
  readonly answer: Step
  /** ChallengeParameters when it follows a proof; absent for challenges that only a flow announces. */
  readonly parameters?: (pool: UserPoolSettings, user: StoredUser) => Record<string, string>
}

export const challenges: Partial<Record<ChallengeNameType, Challenge>> = {
  PASSWORD_VERIFIER: { answer: passwordVerifier },
  NEW_PASSWORD_REQUIRED: { answer: newPasswordRequired, parameters: newPasswordParameters },
}
