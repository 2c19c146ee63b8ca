// The operations of IAM that this server speaks: what identity pools need and what the AWS CLI, the SDKs and Terraform
// call to manage it (docs/reference/identity-pools-sts-iam-sync.md 18.2). The rest of IAM (server certificates,
// hardware tokens, instance profiles, organisations) has nothing to act on here.

const families = (...names) => names.flat()
/** Inline and attached policies of a kind of principal, as all three have them. */
const policiesOf = (kind) => [
  ...['Put', 'Get', 'Delete'].map((verb) => `${verb}${kind}Policy`),
  `List${kind}Policies`,
  `Attach${kind}Policy`,
  `Detach${kind}Policy`,
  `ListAttached${kind}Policies`,
]
const tagsOf = (kind) => [`Tag${kind}`, `Untag${kind}`, `List${kind}Tags`]
const boundaryOf = (kind) => [`Put${kind}PermissionsBoundary`, `Delete${kind}PermissionsBoundary`]

export const iamOperations = families(
  ['CreateRole', 'GetRole', 'ListRoles', 'UpdateRole', 'UpdateRoleDescription', 'DeleteRole', 'UpdateAssumeRolePolicy'],
  [...policiesOf('Role'), ...boundaryOf('Role'), ...tagsOf('Role'), 'ListInstanceProfilesForRole'],
  ['CreateServiceLinkedRole', 'DeleteServiceLinkedRole', 'GetServiceLinkedRoleDeletionStatus'],
  ['CreateUser', 'GetUser', 'ListUsers', 'UpdateUser', 'DeleteUser', 'ListGroupsForUser'],
  [...policiesOf('User'), ...boundaryOf('User'), ...tagsOf('User')],
  ['CreateAccessKey', 'ListAccessKeys', 'UpdateAccessKey', 'DeleteAccessKey', 'GetAccessKeyLastUsed'],
  ['ListSSHPublicKeys', 'ListServiceSpecificCredentials', 'ListSigningCertificates', 'ListMFADevices'],
  ['ListVirtualMFADevices', 'GetLoginProfile', 'DeleteLoginProfile'],
  ['CreateGroup', 'GetGroup', 'ListGroups', 'UpdateGroup', 'DeleteGroup', 'AddUserToGroup', 'RemoveUserFromGroup'],
  policiesOf('Group'),
  ['CreatePolicy', 'GetPolicy', 'ListPolicies', 'DeletePolicy', 'ListEntitiesForPolicy', ...tagsOf('Policy')],
  ['CreatePolicyVersion', 'GetPolicyVersion', 'ListPolicyVersions', 'DeletePolicyVersion', 'SetDefaultPolicyVersion'],
  ['CreateOpenIDConnectProvider', 'GetOpenIDConnectProvider', 'ListOpenIDConnectProviders'],
  ['DeleteOpenIDConnectProvider', 'AddClientIDToOpenIDConnectProvider', 'RemoveClientIDFromOpenIDConnectProvider'],
  ['UpdateOpenIDConnectProviderThumbprint', ...tagsOf('OpenIDConnectProvider')],
  ['CreateSAMLProvider', 'GetSAMLProvider', 'ListSAMLProviders', 'UpdateSAMLProvider', 'DeleteSAMLProvider'],
  tagsOf('SAMLProvider'),
  ['SimulatePrincipalPolicy', 'SimulateCustomPolicy', 'GetContextKeysForCustomPolicy'],
  ['GetContextKeysForPrincipalPolicy', 'GetAccountSummary', 'ListAccountAliases', 'GetAccountAuthorizationDetails'],
)
