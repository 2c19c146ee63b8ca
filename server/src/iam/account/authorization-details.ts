// Entities as GetAccountAuthorizationDetails shows them, with all policies that apply to them.
import type { Context } from '../../context.ts'
import type {
  GroupDetail,
  ManagedPolicyDetail,
  Policy,
  PolicyDetail,
  PolicyVersion,
  RoleDetail,
  UserDetail,
} from '../../contract/iam.types.ts'
import { entityArn } from '../arn-rules.ts'
import type { AwsManagedPolicy } from '../aws-managed-policies.ts'
import type { Group, ManagedPolicy, Role, User } from '../entity-types.ts'
import { attachedPolicy } from '../policies/attached-policies.ts'
import { boundaryType } from '../policies/boundary-type.ts'
import { encodePolicy } from '../policies/document-encoding-rules.ts'
import type { Holder } from '../policies/holders.ts'
import { awsPolicyType, awsVersion, type PolicyCounts, policyType, versionType } from '../policies/policy-type.ts'
import { roleLastUsed } from '../roles/role-last-used.ts'

type Parts = Pick<Context, 'config' | 'lastUsed'>

const inlinePolicies = ({ settings }: Holder): PolicyDetail[] =>
  Object.entries(settings.inlinePolicies).map(([PolicyName, text]) => ({
    PolicyName,
    PolicyDocument: encodePolicy(text),
  }))

const holderMembers = ({ config }: Parts, holder: Holder) => ({
  Path: holder.settings.path,
  Arn: entityArn(config.accountId, holder),
  CreateDate: new Date(holder.createdAt),
  AttachedManagedPolicies: holder.settings.attachedPolicies.map(attachedPolicy),
})

const boundaryOf = ({ settings }: Role | User) => {
  const PermissionsBoundary = boundaryType(settings.boundaryArn)
  return PermissionsBoundary && { PermissionsBoundary }
}

export async function roleDetail(context: Parts, role: Role): Promise<RoleDetail> {
  return {
    ...holderMembers(context, role),
    RoleName: role.settings.name,
    RoleId: role.id,
    AssumeRolePolicyDocument: encodePolicy(role.settings.trustPolicy),
    RolePolicyList: inlinePolicies(role),
    InstanceProfileList: [],
    Tags: role.settings.tags,
    RoleLastUsed: await roleLastUsed(context, role),
    ...boundaryOf(role),
  }
}

/** `groups` are those of the user. */
export const userDetail = (context: Parts, user: User, groups: readonly Group[]): UserDetail => ({
  ...holderMembers(context, user),
  UserName: user.settings.name,
  UserId: user.id,
  UserPolicyList: inlinePolicies(user),
  GroupList: groups.map(({ settings }) => settings.name),
  Tags: user.settings.tags,
  ...boundaryOf(user),
})

export const groupDetail = (context: Parts, group: Group): GroupDetail => ({
  ...holderMembers(context, group),
  GroupName: group.settings.name,
  GroupId: group.id,
  GroupPolicyList: inlinePolicies(group),
})

const policyDetail = ({ Tags: _tags, ...policy }: Policy, versions: PolicyVersion[]): ManagedPolicyDetail => ({
  ...policy,
  PolicyVersionList: versions,
})

export const managedPolicyDetail = ({ config }: Parts, policy: ManagedPolicy): ManagedPolicyDetail => {
  const { versions, defaultVersion } = policy.settings
  return policyDetail(
    policyType(config.accountId, policy),
    [...versions].reverse().map((version) => versionType(version, defaultVersion)),
  )
}

export const awsPolicyDetail = (policy: AwsManagedPolicy, counts: PolicyCounts): ManagedPolicyDetail =>
  policyDetail(awsPolicyType(policy, counts), [versionType(awsVersion(policy), policy.versionId)])
