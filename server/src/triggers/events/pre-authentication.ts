import { type Texts, trigger } from '../trigger.ts'

export interface PreAuthenticationRequest {
  /** With sub and cognito:user_status; empty for a name that nobody has. */
  userAttributes: Texts
  /** ClientMetadata of InitiateAuth (docs/reference/user-pools.md 13.4). */
  validationData: Texts | undefined
  /** True for a name that nobody has, at clients that hide who exists; undefined elsewhere. */
  userNotFound?: boolean | undefined
}

/** Before a password or another first proof is looked at: may refuse. */
export const preAuthentication = trigger<'PreAuthentication_Authentication'>()({
  name: 'PreAuthentication',
  event: ({ userAttributes, validationData, userNotFound }: PreAuthenticationRequest) => ({
    request: { userAttributes, validationData: validationData ?? null, userNotFound },
    response: {},
  }),
  answer: () => ({}),
})
