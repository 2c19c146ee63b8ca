import { entityCounts, VERSIONS_COUNT } from '../entity-store.ts'
import { operation } from '../operation.ts'
import {
  ACCESS_KEYS_PER_USER,
  attachmentQuotas,
  entityQuotas,
  GROUPS_PER_USER,
  inlineSizeQuotas,
  POLICY_SIZE,
  POLICY_VERSIONS_IN_USE,
  TRUST_POLICY_SIZE,
  VERSIONS_PER_POLICY,
} from '../quotas.ts'

/** Counts and quotas of the account. What this server does not have is 0 with a quota of 0. */
export const getAccountSummary = operation('GetAccountSummary', async (context) => {
  const counts = await entityCounts(context.db)
  const numberOf = (kind: string): number => counts.get(kind) ?? 0
  return {
    SummaryMap: {
      Users: numberOf('user'),
      UsersQuota: entityQuotas.user.most,
      Groups: numberOf('group'),
      GroupsQuota: entityQuotas.group.most,
      Roles: numberOf('role'),
      RolesQuota: entityQuotas.role.most,
      Policies: numberOf('policy'),
      PoliciesQuota: entityQuotas.policy.most,
      PolicyVersionsInUse: numberOf(VERSIONS_COUNT),
      PolicyVersionsInUseQuota: POLICY_VERSIONS_IN_USE,
      Providers: numberOf('oidc-provider') + numberOf('saml-provider'),
      AccessKeysPerUserQuota: ACCESS_KEYS_PER_USER,
      GroupsPerUserQuota: GROUPS_PER_USER,
      AttachedPoliciesPerGroupQuota: attachmentQuotas.group.most,
      AttachedPoliciesPerRoleQuota: attachmentQuotas.role.most,
      AttachedPoliciesPerUserQuota: attachmentQuotas.user.most,
      UserPolicySizeQuota: inlineSizeQuotas.user,
      GroupPolicySizeQuota: inlineSizeQuotas.group,
      RolePolicySizeQuota: inlineSizeQuotas.role,
      PolicySizeQuota: POLICY_SIZE,
      AssumeRolePolicySizeQuota: TRUST_POLICY_SIZE,
      VersionsPerPolicyQuota: VERSIONS_PER_POLICY,
      AccountAccessKeysPresent: 1,
      AccountPasswordPresent: 0,
      AccountMFAEnabled: 0,
      AccountSigningCertificatesPresent: 0,
      GlobalEndpointTokenVersion: 1,
      InstanceProfiles: 0,
      InstanceProfilesQuota: 0,
      MFADevices: 0,
      MFADevicesInUse: 0,
      ServerCertificates: 0,
      ServerCertificatesQuota: 0,
      SigningCertificatesPerUserQuota: 0,
    },
  }
})
