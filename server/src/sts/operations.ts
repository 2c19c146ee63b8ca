// The operations of STS that are implemented.
import type { AnyOperation } from '../operation.ts'
import { assumeRole } from './assumeRole.ts'
import { assumeRoleWithSAML } from './assumeRoleWithSAML.ts'
import { assumeRoleWithWebIdentity } from './assumeRoleWithWebIdentity.ts'
import { assumeRoot } from './assumeRoot.ts'
import { decodeAuthorizationMessage } from './decodeAuthorizationMessage.ts'
import { getAccessKeyInfo } from './getAccessKeyInfo.ts'
import { getCallerIdentity } from './getCallerIdentity.ts'
import { getDelegatedAccessToken } from './getDelegatedAccessToken.ts'
import { getFederationToken } from './getFederationToken.ts'
import { getSessionToken } from './getSessionToken.ts'
import { getWebIdentityToken } from './getWebIdentityToken.ts'

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
