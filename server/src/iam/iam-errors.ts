// The errors that several operations of IAM throw; each of them declares these
// (docs/reference/identity-pools-sts-iam-sync.md 18.4; docs/behaviour/iam.md says which texts were seen at the service
// and which are our own).
import { ApiError } from '../errors.ts'
import type { EntityKind } from './entity-types.ts'
import type { Quota } from './limits.ts'

const noSuchEntityError = (message: string): ApiError => new ApiError('NoSuchEntityException', message)
const deleteConflictError = (message: string): ApiError => new ApiError('DeleteConflictException', message)
const limitExceededError = (message: string): ApiError => new ApiError('LimitExceededException', message)

/** `The role with name x cannot be found.`; for users and groups, too. */
export const noSuchNameError = (kind: EntityKind, name: string): ApiError =>
  noSuchEntityError(`The ${kind} with name ${name} cannot be found.`)

export const noSuchPolicyError = (arn: string): ApiError => noSuchEntityError(`Policy ${arn} was not found.`)

/** For a policy that is to be attached. */
export const notAttachableError = (arn: string): ApiError =>
  noSuchEntityError(`Policy ${arn} does not exist or is not attachable.`)

/** For a policy that is to be a permissions boundary. */
export const noSuchBoundaryError = (arn: string): ApiError =>
  noSuchEntityError(`Scope ARN: ${arn} does not exist or is not attachable.`)

/** `The role policy with name x cannot be found.` */
export const noSuchInlinePolicyError = (kind: EntityKind, policyName: string): ApiError =>
  noSuchEntityError(`The ${kind} policy with name ${policyName} cannot be found.`)

export const noSuchVersionError = (arn: string, versionId: string): ApiError =>
  noSuchEntityError(`Policy ${arn} version ${versionId} does not exist or is not attachable.`)

/** `Role with name x already exists.`; for users and groups, too. */
export const nameTakenError = (kind: EntityKind, name: string): ApiError =>
  new ApiError(
    'EntityAlreadyExistsException',
    `${kind.charAt(0).toUpperCase()}${kind.slice(1)} with name ${name} already exists.`,
  )

export const policyNameTakenError = (name: string): ApiError =>
  new ApiError(
    'EntityAlreadyExistsException',
    `A policy called ${name} already exists. Duplicate names are not allowed.`,
  )

export const quotaExceededError = ({ max, name }: Quota): ApiError =>
  limitExceededError(`Cannot exceed quota for ${name}: ${max}`)

/** The text was seen at the service for providers. */
export const tooManyTagsError = (): ApiError => limitExceededError('The number of tags has reached the maximum limit.')

export const inlinePoliciesTooLargeError = (kind: EntityKind, name: string, max: number): ApiError =>
  limitExceededError(`Maximum policy size of ${max} bytes exceeded for ${kind} ${name}`)

export const stillAttachedError = (): ApiError =>
  deleteConflictError('Cannot delete entity, must detach all policies first.')
export const stillHasPoliciesError = (): ApiError =>
  deleteConflictError('Cannot delete entity, must delete policies first.')
export const attachedToEntitiesError = (): ApiError =>
  deleteConflictError('Cannot delete a policy attached to entities.')

export const malformedPolicyError = (message: string): ApiError =>
  new ApiError('MalformedPolicyDocumentException', message)

export const invalidArnError = (): ApiError => new ApiError('ValidationError', 'Invalid ARN:  Could not be parsed!')

export const protectedRoleError = (name: string): ApiError =>
  new ApiError(
    'UnmodifiableEntityException',
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  )
