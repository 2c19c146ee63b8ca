import { entityCounts, VERSIONS_COUNT } from '../entity-store.ts'
import { attachmentQuotas, entityQuotas, inlineSizes, limits, POLICY_VERSIONS_IN_USE } from '../limits.ts'
import { operation } from '../operation.ts'

/** Counts and quotas of the account. What this server does not have is 0 with a quota of 0. */
export const getAccountSummary = operation('GetAccountSummary', async (context) => {
  const counts = await entityCounts(context.db)
  const numberOf = (kind: string): number => counts.get(kind) ?? 0
  return {
    SummaryMap: {
      Users: numberOf('user'),
      UsersQuota: entityQuotas.user.max,
      Groups: numberOf('group'),
      GroupsQuota: entityQuotas.group.max,
      Roles: numberOf('role'),
      RolesQuota: entityQuotas.role.max,
      Policies: numberOf('policy'),
      PoliciesQuota: entityQuotas.policy.max,
      PolicyVersionsInUse: numberOf(VERSIONS_COUNT),
      PolicyVersionsInUseQuota: POLICY_VERSIONS_IN_USE,
      Providers: numberOf('oidc-provider') + numberOf('saml-provider'),
      AccessKeysPerUserQuota: limits.accessKeysPerUser.max,
      GroupsPerUserQuota: limits.groupsPerUser.max,
      AttachedPoliciesPerGroupQuota: attachmentQuotas.group.max,
      AttachedPoliciesPerRoleQuota: attachmentQuotas.role.max,
      AttachedPoliciesPerUserQuota: attachmentQuotas.user.max,
      UserPolicySizeQuota: inlineSizes.user.max,
      GroupPolicySizeQuota: inlineSizes.group.max,
      RolePolicySizeQuota: inlineSizes.role.max,
      PolicySizeQuota: limits.policySize.max,
      AssumeRolePolicySizeQuota: limits.trustPolicySize.max,
      VersionsPerPolicyQuota: limits.versionsPerPolicy.max,
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
