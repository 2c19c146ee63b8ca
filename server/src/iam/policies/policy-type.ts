import type { Policy, PolicyVersion } from '../../contract/iam.types.ts'
import { entityArn } from '../arn-rules.ts'
import type { AwsManagedPolicy } from '../aws-managed-policies.ts'
import type { ManagedPolicy, PolicySettings } from '../entity-types.ts'
import { encodePolicy } from './document-encoding-rules.ts'

/**
 * A policy as CreatePolicy and lists show it: without its description
 * (docs/reference/identity-pools-sts-iam-sync.md 18.3).
 */
export function listedPolicy(accountId: string, policy: ManagedPolicy): Policy {
  const { name, path, defaultVersion, attachments, boundaryOf, versions } = policy.settings
  return {
    PolicyName: name,
    PolicyId: policy.id,
    Arn: entityArn(accountId, policy),
    Path: path,
    DefaultVersionId: defaultVersion,
    AttachmentCount: attachments,
    PermissionsBoundaryUsageCount: boundaryOf,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    // Creating a version is the only change that counts as an update.
    UpdateDate: new Date(versions.at(-1)?.createdAt ?? policy.createdAt),
  }
}

/** A policy as GetPolicy shows it. */
export const policyType = (accountId: string, policy: ManagedPolicy): Policy => ({
  ...listedPolicy(accountId, policy),
  ...(policy.settings.description !== undefined && { Description: policy.settings.description }),
  Tags: policy.settings.tags,
})

/** How many entities have the policy attached, and how many as their boundary. */
export interface PolicyCounts {
  attached: number
  boundary: number
}

export const listedAwsPolicy = (
  { name, id, arn, path, versionId, createdAt }: AwsManagedPolicy,
  { attached, boundary }: PolicyCounts,
): Policy => ({
  PolicyName: name,
  PolicyId: id,
  Arn: arn,
  Path: path,
  DefaultVersionId: versionId,
  AttachmentCount: attached,
  PermissionsBoundaryUsageCount: boundary,
  IsAttachable: true,
  CreateDate: new Date(createdAt),
  UpdateDate: new Date(createdAt),
})

export const awsPolicyType = (policy: AwsManagedPolicy, counts: PolicyCounts): Policy => ({
  ...listedAwsPolicy(policy, counts),
  Description: policy.description,
  Tags: [],
})

type StoredVersion = PolicySettings['versions'][number]

/** A version as CreatePolicyVersion and ListPolicyVersions show it: without its document. */
export const listedVersion = ({ id, createdAt }: StoredVersion, defaultVersion: string): PolicyVersion => ({
  VersionId: id,
  IsDefaultVersion: id === defaultVersion,
  CreateDate: new Date(createdAt),
})

/** A version as GetPolicyVersion shows it. */
export const versionType = (version: StoredVersion, defaultVersion: string): PolicyVersion => ({
  Document: encodePolicy(version.document),
  ...listedVersion(version, defaultVersion),
})

/** The one version that an AWS managed policy has here. */
export const awsVersion = ({ versionId, document, createdAt }: AwsManagedPolicy): StoredVersion => ({
  id: versionId,
  document,
  createdAt,
})
