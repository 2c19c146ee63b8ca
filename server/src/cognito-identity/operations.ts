// The operations of identity pools that are implemented.
import type { AnyOperation } from '../operation.ts'
import { getOpenIdTokenForDeveloperIdentity } from './developer/getOpenIdTokenForDeveloperIdentity.ts'
import { lookupDeveloperIdentity } from './developer/lookupDeveloperIdentity.ts'
import { mergeDeveloperIdentities } from './developer/mergeDeveloperIdentities.ts'
import { unlinkDeveloperIdentity } from './developer/unlinkDeveloperIdentity.ts'
import { deleteIdentities } from './identities/deleteIdentities.ts'
import { describeIdentity } from './identities/describeIdentity.ts'
import { getCredentialsForIdentity } from './identities/getCredentialsForIdentity.ts'
import { getId } from './identities/getId.ts'
import { getOpenIdToken } from './identities/getOpenIdToken.ts'
import { listIdentities } from './identities/listIdentities.ts'
import { unlinkIdentity } from './identities/unlinkIdentity.ts'
import { createIdentityPool } from './identity-pools/createIdentityPool.ts'
import { deleteIdentityPool } from './identity-pools/deleteIdentityPool.ts'
import { describeIdentityPool } from './identity-pools/describeIdentityPool.ts'
import { getIdentityPoolRoles } from './identity-pools/getIdentityPoolRoles.ts'
import { getPrincipalTagAttributeMap } from './identity-pools/getPrincipalTagAttributeMap.ts'
import { listIdentityPools } from './identity-pools/listIdentityPools.ts'
import { setIdentityPoolRoles } from './identity-pools/setIdentityPoolRoles.ts'
import { setPrincipalTagAttributeMap } from './identity-pools/setPrincipalTagAttributeMap.ts'
import { updateIdentityPool } from './identity-pools/updateIdentityPool.ts'
import { listTagsForResource } from './tags/listTagsForResource.ts'
import { tagResource } from './tags/tagResource.ts'
import { untagResource } from './tags/untagResource.ts'

export const cognitoIdentityOperations: readonly AnyOperation[] = [
  getOpenIdTokenForDeveloperIdentity,
  lookupDeveloperIdentity,
  mergeDeveloperIdentities,
  unlinkDeveloperIdentity,
  deleteIdentities,
  describeIdentity,
  getCredentialsForIdentity,
  getId,
  getOpenIdToken,
  listIdentities,
  unlinkIdentity,
  createIdentityPool,
  deleteIdentityPool,
  describeIdentityPool,
  getIdentityPoolRoles,
  getPrincipalTagAttributeMap,
  listIdentityPools,
  setIdentityPoolRoles,
  setPrincipalTagAttributeMap,
  updateIdentityPool,
  listTagsForResource,
  tagResource,
  untagResource,
]
