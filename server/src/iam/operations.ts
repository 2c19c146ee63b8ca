// The operations of IAM that are implemented.
import type { AnyOperation } from '../operation.ts'
import { createAccessKey } from './access-keys/createAccessKey.ts'
import { deleteAccessKey } from './access-keys/deleteAccessKey.ts'
import { getAccessKeyLastUsed } from './access-keys/getAccessKeyLastUsed.ts'
import { listAccessKeys } from './access-keys/listAccessKeys.ts'
import { updateAccessKey } from './access-keys/updateAccessKey.ts'
import { getAccountAuthorizationDetails } from './account/getAccountAuthorizationDetails.ts'
import { getAccountSummary } from './account/getAccountSummary.ts'
import { getContextKeysForCustomPolicy } from './account/getContextKeysForCustomPolicy.ts'
import { getContextKeysForPrincipalPolicy } from './account/getContextKeysForPrincipalPolicy.ts'
import { listAccountAliases } from './account/listAccountAliases.ts'
import { simulateCustomPolicy } from './account/simulateCustomPolicy.ts'
import { simulatePrincipalPolicy } from './account/simulatePrincipalPolicy.ts'
import { deleteLoginProfile } from './credentials/deleteLoginProfile.ts'
import { getLoginProfile } from './credentials/getLoginProfile.ts'
import { listMFADevices } from './credentials/listMFADevices.ts'
import { listServiceSpecificCredentials } from './credentials/listServiceSpecificCredentials.ts'
import { listSigningCertificates } from './credentials/listSigningCertificates.ts'
import { listSSHPublicKeys } from './credentials/listSSHPublicKeys.ts'
import { listVirtualMFADevices } from './credentials/listVirtualMFADevices.ts'
import { addUserToGroup } from './groups/addUserToGroup.ts'
import { attachGroupPolicy } from './groups/attachGroupPolicy.ts'
import { createGroup } from './groups/createGroup.ts'
import { deleteGroup } from './groups/deleteGroup.ts'
import { deleteGroupPolicy } from './groups/deleteGroupPolicy.ts'
import { detachGroupPolicy } from './groups/detachGroupPolicy.ts'
import { getGroup } from './groups/getGroup.ts'
import { getGroupPolicy } from './groups/getGroupPolicy.ts'
import { listAttachedGroupPolicies } from './groups/listAttachedGroupPolicies.ts'
import { listGroupPolicies } from './groups/listGroupPolicies.ts'
import { listGroups } from './groups/listGroups.ts'
import { putGroupPolicy } from './groups/putGroupPolicy.ts'
import { removeUserFromGroup } from './groups/removeUserFromGroup.ts'
import { updateGroup } from './groups/updateGroup.ts'
import { addClientIDToOpenIDConnectProvider } from './oidc-providers/addClientIDToOpenIDConnectProvider.ts'
import { createOpenIDConnectProvider } from './oidc-providers/createOpenIDConnectProvider.ts'
import { deleteOpenIDConnectProvider } from './oidc-providers/deleteOpenIDConnectProvider.ts'
import { getOpenIDConnectProvider } from './oidc-providers/getOpenIDConnectProvider.ts'
import { listOpenIDConnectProviders } from './oidc-providers/listOpenIDConnectProviders.ts'
import { listOpenIDConnectProviderTags } from './oidc-providers/listOpenIDConnectProviderTags.ts'
import { removeClientIDFromOpenIDConnectProvider } from './oidc-providers/removeClientIDFromOpenIDConnectProvider.ts'
import { tagOpenIDConnectProvider } from './oidc-providers/tagOpenIDConnectProvider.ts'
import { untagOpenIDConnectProvider } from './oidc-providers/untagOpenIDConnectProvider.ts'
import { updateOpenIDConnectProviderThumbprint } from './oidc-providers/updateOpenIDConnectProviderThumbprint.ts'
import { createPolicy } from './policies/createPolicy.ts'
import { createPolicyVersion } from './policies/createPolicyVersion.ts'
import { deletePolicy } from './policies/deletePolicy.ts'
import { deletePolicyVersion } from './policies/deletePolicyVersion.ts'
import { getPolicy } from './policies/getPolicy.ts'
import { getPolicyVersion } from './policies/getPolicyVersion.ts'
import { listEntitiesForPolicy } from './policies/listEntitiesForPolicy.ts'
import { listPolicies } from './policies/listPolicies.ts'
import { listPolicyTags } from './policies/listPolicyTags.ts'
import { listPolicyVersions } from './policies/listPolicyVersions.ts'
import { setDefaultPolicyVersion } from './policies/setDefaultPolicyVersion.ts'
import { tagPolicy } from './policies/tagPolicy.ts'
import { untagPolicy } from './policies/untagPolicy.ts'
import { attachRolePolicy } from './roles/attachRolePolicy.ts'
import { createRole } from './roles/createRole.ts'
import { deleteRole } from './roles/deleteRole.ts'
import { deleteRolePermissionsBoundary } from './roles/deleteRolePermissionsBoundary.ts'
import { deleteRolePolicy } from './roles/deleteRolePolicy.ts'
import { detachRolePolicy } from './roles/detachRolePolicy.ts'
import { getRole } from './roles/getRole.ts'
import { getRolePolicy } from './roles/getRolePolicy.ts'
import { listAttachedRolePolicies } from './roles/listAttachedRolePolicies.ts'
import { listInstanceProfilesForRole } from './roles/listInstanceProfilesForRole.ts'
import { listRolePolicies } from './roles/listRolePolicies.ts'
import { listRoles } from './roles/listRoles.ts'
import { listRoleTags } from './roles/listRoleTags.ts'
import { putRolePermissionsBoundary } from './roles/putRolePermissionsBoundary.ts'
import { putRolePolicy } from './roles/putRolePolicy.ts'
import { tagRole } from './roles/tagRole.ts'
import { untagRole } from './roles/untagRole.ts'
import { updateAssumeRolePolicy } from './roles/updateAssumeRolePolicy.ts'
import { updateRole } from './roles/updateRole.ts'
import { updateRoleDescription } from './roles/updateRoleDescription.ts'
import { createSAMLProvider } from './saml-providers/createSAMLProvider.ts'
import { deleteSAMLProvider } from './saml-providers/deleteSAMLProvider.ts'
import { getSAMLProvider } from './saml-providers/getSAMLProvider.ts'
import { listSAMLProviders } from './saml-providers/listSAMLProviders.ts'
import { listSAMLProviderTags } from './saml-providers/listSAMLProviderTags.ts'
import { tagSAMLProvider } from './saml-providers/tagSAMLProvider.ts'
import { untagSAMLProvider } from './saml-providers/untagSAMLProvider.ts'
import { updateSAMLProvider } from './saml-providers/updateSAMLProvider.ts'
import { createServiceLinkedRole } from './service-linked-roles/createServiceLinkedRole.ts'
import { deleteServiceLinkedRole } from './service-linked-roles/deleteServiceLinkedRole.ts'
import { getServiceLinkedRoleDeletionStatus } from './service-linked-roles/getServiceLinkedRoleDeletionStatus.ts'
import { attachUserPolicy } from './users/attachUserPolicy.ts'
import { createUser } from './users/createUser.ts'
import { deleteUser } from './users/deleteUser.ts'
import { deleteUserPermissionsBoundary } from './users/deleteUserPermissionsBoundary.ts'
import { deleteUserPolicy } from './users/deleteUserPolicy.ts'
import { detachUserPolicy } from './users/detachUserPolicy.ts'
import { getUser } from './users/getUser.ts'
import { getUserPolicy } from './users/getUserPolicy.ts'
import { listAttachedUserPolicies } from './users/listAttachedUserPolicies.ts'
import { listGroupsForUser } from './users/listGroupsForUser.ts'
import { listUserPolicies } from './users/listUserPolicies.ts'
import { listUsers } from './users/listUsers.ts'
import { listUserTags } from './users/listUserTags.ts'
import { putUserPermissionsBoundary } from './users/putUserPermissionsBoundary.ts'
import { putUserPolicy } from './users/putUserPolicy.ts'
import { tagUser } from './users/tagUser.ts'
import { untagUser } from './users/untagUser.ts'
import { updateUser } from './users/updateUser.ts'

export const iamOperations: readonly AnyOperation[] = [
  createAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
  listAccessKeys,
  updateAccessKey,
  deleteLoginProfile,
  getLoginProfile,
  listMFADevices,
  listSSHPublicKeys,
  listServiceSpecificCredentials,
  listSigningCertificates,
  listVirtualMFADevices,
  addUserToGroup,
  attachGroupPolicy,
  createGroup,
  deleteGroup,
  deleteGroupPolicy,
  detachGroupPolicy,
  getGroup,
  getGroupPolicy,
  listAttachedGroupPolicies,
  listGroupPolicies,
  listGroups,
  putGroupPolicy,
  removeUserFromGroup,
  updateGroup,
  addClientIDToOpenIDConnectProvider,
  createOpenIDConnectProvider,
  deleteOpenIDConnectProvider,
  getOpenIDConnectProvider,
  listOpenIDConnectProviderTags,
  listOpenIDConnectProviders,
  removeClientIDFromOpenIDConnectProvider,
  tagOpenIDConnectProvider,
  untagOpenIDConnectProvider,
  updateOpenIDConnectProviderThumbprint,
  createSAMLProvider,
  deleteSAMLProvider,
  getSAMLProvider,
  listSAMLProviderTags,
  listSAMLProviders,
  tagSAMLProvider,
  untagSAMLProvider,
  updateSAMLProvider,
  attachUserPolicy,
  createUser,
  deleteUser,
  deleteUserPermissionsBoundary,
  deleteUserPolicy,
  detachUserPolicy,
  getUser,
  getUserPolicy,
  listAttachedUserPolicies,
  listGroupsForUser,
  listUserPolicies,
  listUserTags,
  listUsers,
  putUserPermissionsBoundary,
  putUserPolicy,
  tagUser,
  untagUser,
  updateUser,
  attachRolePolicy,
  createRole,
  deleteRole,
  deleteRolePermissionsBoundary,
  deleteRolePolicy,
  detachRolePolicy,
  getRole,
  getRolePolicy,
  listAttachedRolePolicies,
  listInstanceProfilesForRole,
  listRolePolicies,
  listRoleTags,
  listRoles,
  putRolePermissionsBoundary,
  putRolePolicy,
  tagRole,
  untagRole,
  updateAssumeRolePolicy,
  updateRole,
  updateRoleDescription,
  createPolicy,
  createPolicyVersion,
  deletePolicy,
  deletePolicyVersion,
  getPolicy,
  getPolicyVersion,
  listEntitiesForPolicy,
  listPolicies,
  listPolicyTags,
  listPolicyVersions,
  setDefaultPolicyVersion,
  tagPolicy,
  untagPolicy,
  createServiceLinkedRole,
  deleteServiceLinkedRole,
  getServiceLinkedRoleDeletionStatus,
  getAccountAuthorizationDetails,
  getAccountSummary,
  getContextKeysForCustomPolicy,
  getContextKeysForPrincipalPolicy,
  listAccountAliases,
  simulateCustomPolicy,
  simulatePrincipalPolicy,
]
