// What IAM says when it refuses (docs/reference/identity-pools-sts-iam-sync.md 18.4; docs/behaviour/iam.md says which
// texts are seen and which are chosen). Shared by functions that stand behind several operations: each declares these
// errors.
import { ApiError } from '../errors.ts'
import type { EntityKind } from './entity-types.ts'

const noSuchEntity = (message: string): ApiError => new ApiError('NoSuchEntityException', message)
const deleteConflict = (message: string): ApiError => new ApiError('DeleteConflictException', message)
const limitExceeded = (message: string): ApiError => new ApiError('LimitExceededException', message)

/** `The role with name x cannot be found.`; for users and groups, too. */
export const noSuchNamed = (kind: EntityKind, name: string): ApiError =>
  noSuchEntity(`The ${kind} with name ${name} cannot be found.`)

export const noSuchPolicy = (arn: string): ApiError => noSuchEntity(`Policy ${arn} was not found.`)

/** Attaching it, or making it a boundary. */
export const notAttachable = (arn: string): ApiError =>
  noSuchEntity(`Policy ${arn} does not exist or is not attachable.`)

/** `The role policy with name x cannot be found.` */
export const noSuchInlinePolicy = (kind: EntityKind, policyName: string): ApiError =>
  noSuchEntity(`The ${kind} policy with name ${policyName} cannot be found.`)

export const noSuchVersion = (arn: string, versionId: string): ApiError =>
  noSuchEntity(`Policy ${arn} version ${versionId} does not exist or is not attachable.`)

/** `Role with name x already exists.`; for users and groups, too. */
export const nameTaken = (kind: EntityKind, name: string): ApiError =>
  new ApiError(
    'EntityAlreadyExistsException',
    `${kind.charAt(0).toUpperCase()}${kind.slice(1)} with name ${name} already exists.`,
  )

export const policyNameTaken = (name: string): ApiError =>
  new ApiError(
    'EntityAlreadyExistsException',
    `A policy called ${name} already exists. Duplicate names are not allowed.`,
  )

export const quotaExceeded = ({ most, name }: { most: number; name: string }): ApiError =>
  limitExceeded(`Cannot exceed quota for ${name}: ${most}`)

/** Seen for providers. */
export const tooManyTags = (): ApiError => limitExceeded('The number of tags has reached the maximum limit.')

export const inlinePoliciesTooLarge = (kind: EntityKind, name: string, most: number): ApiError =>
  limitExceeded(`Maximum policy size of ${most} bytes exceeded for ${kind} ${name}`)

export const stillAttached = (): ApiError => deleteConflict('Cannot delete entity, must detach all policies first.')
export const stillHasPolicies = (): ApiError => deleteConflict('Cannot delete entity, must delete policies first.')
/** Access keys, group memberships, and whatever else has no text of its own. */
export const stillReferenced = (): ApiError =>
  deleteConflict('Cannot delete entity, must remove referenced objects first.')
export const attachedToEntities = (): ApiError => deleteConflict('Cannot delete a policy attached to entities.')

export const malformedPolicy = (message: string): ApiError => new ApiError('MalformedPolicyDocumentException', message)

export const invalidArn = (): ApiError => new ApiError('ValidationError', 'Invalid ARN:  Could not be parsed!')

export const protectedRole = (name: string): ApiError =>
  new ApiError(
    'UnmodifiableEntityException',
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  )
