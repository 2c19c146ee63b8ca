// Where user pools are known to check other constraints than their model states (docs/reference/user-pools.md 3.2, 3.3).
import type { Shape } from '../contract/service-model.ts'
import type { ConstraintOverrides } from '../service.ts'

// Inner spaces are allowed, outer ones are not, and fewer than six characters fail as a constraint.
const password: Shape = {
  type: 'string',
  min: 6,
  max: 256,
  pattern: '^[\\S]+.*[\\S]+$',
  test: { regex: '^\\S.*\\S$' },
  sensitive: true,
}

// The model bounds what requests may send; answers list all standard attributes, of which one has a longer name.
const wholeSchema: Shape = { type: 'document' }

export const constraintOverrides: ConstraintOverrides = {
  CreateUserPool: { 'userPool.schemaAttributes': wholeSchema },
  DescribeUserPool: { 'userPool.schemaAttributes': wholeSchema },
  SignUp: { password },
  ConfirmForgotPassword: { password },
  AdminSetUserPassword: { password },
  AdminCreateUser: { temporaryPassword: password },
  // A map of strings in the model: without this, the one door that takes a password of any length and form.
  RespondToAuthChallenge: { 'challengeResponses.NEW_PASSWORD.member': password },
  AdminRespondToAuthChallenge: { 'challengeResponses.NEW_PASSWORD.member': password },
  ChangePassword: { proposedPassword: password, previousPassword: { ...password, min: 1 } },
}
