// Where the service is known to check other constraints than its model states (docs/reference/user-pools.md 3.2, 3.3).
import { iamModel } from '../contract/iam.model.ts'
import type { Shape } from '../contract/service-model.ts'

/** Shapes by the path of the member in the operation's input, or in its output. */
export type ConstraintOverrides = Readonly<Record<string, Shape>>

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

// The model bounds what requests may send, 320 characters, not what answers say. Markers here are sealed and carry a place
// in the list, which may be a path of 512 characters.
const marker: Shape = { type: 'string', min: 1, max: 2048 }
const pagedByMarker = Object.entries(iamModel.operations)
  .filter(([, { input }]) => {
    const shape = iamModel.shapes[input ?? '']
    return shape?.type === 'structure' && Object.hasOwn(shape.members, 'Marker')
  })
  .map(([name]) => [name, { marker }] as const)

// Bounded in the model; a provider's subjects may be shorter and longer.
const anySubject: Shape = { type: 'string' }

export const constraintOverrides: Readonly<Record<string, ConstraintOverrides>> = {
  ...Object.fromEntries(pagedByMarker),
  CreateUserPool: { 'userPool.schemaAttributes': wholeSchema },
  AssumeRoleWithWebIdentity: { subjectFromWebIdentityToken: anySubject },
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
