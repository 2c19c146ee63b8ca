// The operations of STS that are implemented.
import type { AnyOperation } from '../operation.ts'
import { assumeRole } from './assume-role/assumeRole.ts'
import { assumeRoot } from './assume-role/assumeRoot.ts'
import { getAccessKeyInfo } from './callers/getAccessKeyInfo.ts'
import { getCallerIdentity } from './callers/getCallerIdentity.ts'
import { decodeAuthorizationMessage } from './denials/decodeAuthorizationMessage.ts'
import { assumeRoleWithSAML } from './saml/assumeRoleWithSAML.ts'
import { getDelegatedAccessToken } from './sessions/getDelegatedAccessToken.ts'
import { getFederationToken } from './sessions/getFederationToken.ts'
import { getSessionToken } from './sessions/getSessionToken.ts'
import { assumeRoleWithWebIdentity } from './web-identity/assumeRoleWithWebIdentity.ts'
import { getWebIdentityToken } from './web-identity/getWebIdentityToken.ts'

export const stsOperations: readonly AnyOperation[] = [
  assumeRole,
  assumeRoleWithSAML,
  assumeRoleWithWebIdentity,
  assumeRoot,
  decodeAuthorizationMessage,
  getAccessKeyInfo,
  getCallerIdentity,
  getDelegatedAccessToken,
  getFederationToken,
  getSessionToken,
  getWebIdentityToken,
]
