// Identity pools as a service of the AWS API.
import { cognitoIdentityModel } from '../contract/cognito-identity.model.ts'
import { regional, type Service } from '../service.ts'
import { differences } from './differences.ts'
import { identifyIdentityPool } from './identify.ts'
import { identityPoolResource } from './resource.ts'

/** Those that sign tokens; with an external STS that of credentials does, too. */
const SIGNING: ReadonlySet<string> = new Set(['GetOpenIdToken', 'GetOpenIdTokenForDeveloperIdentity'])

export const cognitoIdentity: Service = {
  title: 'Identity pools (cognito-identity)',
  model: cognitoIdentityModel,
  load: async () => (await import('./operations.ts')).cognitoIdentityOperations,
  signing: regional(cognitoIdentityModel),
  validationError: 'ValidationException',
  identify: identifyIdentityPool,
  resource: identityPoolResource,
  isCostly: (operation, { externalStsUrl }) =>
    SIGNING.has(operation) || (operation === 'GetCredentialsForIdentity' && externalStsUrl !== undefined),
  differences,
}
