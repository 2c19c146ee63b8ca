// User pools as a service of the AWS API.
import { cognitoIdpModel } from '../contract/cognito-idp.model.ts'
import { regional, type Service } from '../service.ts'
import { wasGuess } from './attempts/guess-rules.ts'
import { constraintOverrides } from './constraint-overrides.ts'
import { differences } from './differences.ts'
import { identifyUserPool } from './identify.ts'
import { rateOf } from './request-rates/category-rules.ts'
import { userPoolResource } from './resource.ts'
import { undeclaredErrors } from './undeclared-errors.ts'

/** Those that check or make a password, or sign tokens. */
const COSTLY: ReadonlySet<string> = new Set([
  'AdminCreateUser',
  'AdminInitiateAuth',
  'AdminRespondToAuthChallenge',
  'AdminSetUserPassword',
  'ChangePassword',
  'ConfirmForgotPassword',
  'GetClientToken',
  'GetTokensFromRefreshToken',
  'InitiateAuth',
  'RespondToAuthChallenge',
  'SignUp',
])

/** Those that bring images. */
const LARGE: ReadonlySet<string> = new Set(['CreateManagedLoginBranding', 'UpdateManagedLoginBranding'])

export const cognitoIdp: Service = {
  title: 'User pools (cognito-idp)',
  model: cognitoIdpModel,
  load: async () => (await import('./operations.ts')).cognitoIdpOperations,
  loadedAtStart: true,
  signing: regional(cognitoIdpModel),
  validationError: 'InvalidParameterException',
  undeclaredErrors,
  constraintOverrides,
  identify: identifyUserPool,
  resource: userPoolResource,
  wasGuess,
  isLarge: (operation) => LARGE.has(operation),
  withinRate: async ({ requestRates }, operation) => {
    const rate = rateOf(operation)
    return rate === undefined || requestRates.admit(rate)
  },
  isCostly: (operation) => COSTLY.has(operation),
  differences,
}
