// Constraints that the service is known to check differently from its model (docs/reference/user-pools.md 3.2, 3.3).
import { cognitoIdpModel } from '../contract/cognito-idp.model.ts'
import type { Shape, StringShape } from '../contract/service-model.ts'
import type { ConstraintOverrides } from '../service.ts'

// Spaces are allowed inside a password but not at its ends; fewer than six characters violate the constraint.
export const password: StringShape = {
  type: 'string',
  min: 6,
  max: 256,
  pattern: '^[\\S]+.*[\\S]+$',
  test: { regex: '^\\S.*\\S$' },
  sensitive: true,
}

// The model's bounds are those of requests; responses list all standard attributes, one of which has a longer name.
const wholeSchema: Shape = { type: 'document' }

// The model's pattern is that of one label; a domain of one's own is a host name. What a name must look like is
// checked by domains/domain-rules.ts, whose text the service has (docs/reference/oauth-and-federation.md 18).
const domain: Shape = { type: 'string', min: 1, max: 253 }

// Any string in the model of two operations, though no pool has such an id.
const userPoolId = cognitoIdpModel.shapes['UserPoolIdType'] as Shape

export const constraintOverrides: ConstraintOverrides = {
  CreateUserPool: { 'userPool.schemaAttributes': wholeSchema },
  DescribeUserPool: { 'userPool.schemaAttributes': wholeSchema, 'userPool.customDomain': domain },
  CreateUserPoolDomain: { domain, cloudFrontDomain: domain },
  DescribeUserPoolDomain: { domain, 'domainDescription.domain': domain },
  UpdateUserPoolDomain: { domain, cloudFrontDomain: domain },
  DeleteUserPoolDomain: { domain },
  AdminLinkProviderForUser: { userPoolId },
  AdminDisableProviderForUser: { userPoolId },
  SignUp: { password },
  ConfirmForgotPassword: { password },
  AdminSetUserPassword: { password },
  AdminCreateUser: { temporaryPassword: password },
  // A map of strings in the model, which would accept a password of any length and form.
  RespondToAuthChallenge: { 'challengeResponses.NEW_PASSWORD.member': password },
  AdminRespondToAuthChallenge: { 'challengeResponses.NEW_PASSWORD.member': password },
  ChangePassword: { proposedPassword: password, previousPassword: { ...password, min: 1 } },
}
