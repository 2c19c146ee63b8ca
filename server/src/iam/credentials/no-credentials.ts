// Kinds of credentials that IAM users have at AWS but not here: passwords, MFA devices, SSH keys, signing certificates,
// service-specific credentials. Their lists exist and are empty, because Terraform reads them before it deletes a user.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { SignedCaller } from '../../operation.ts'
import { requireEntity } from '../entity-changes.ts'
import { emptyPage, type PageEnd, type PageRequest, positionOf } from '../pagination.ts'
import { userOrCaller } from '../users/user-reference.ts'

/** The empty page of a list about a user, the caller, or the root. Throws NoSuchEntity for an unknown user. */
export async function emptyList(
  context: Context,
  operation: string,
  caller: SignedCaller,
  request: PageRequest & { UserName?: string | undefined },
): Promise<PageEnd> {
  const ofRoot = request.UserName === undefined && caller.principal.kind === 'root'
  if (!ofRoot) await requireEntity(context.db, userOrCaller(caller, request.UserName))
  // The list has one page only, so every marker is invalid.
  positionOf(context, { operation, request: [] }, request)
  return emptyPage
}

/** Always throws: no user has a password here. */
export async function refuseLoginProfile(
  context: Context,
  caller: SignedCaller,
  name: string | undefined,
): Promise<never> {
  const user = await requireEntity(context.db, userOrCaller(caller, name))
  throw new ApiError('NoSuchEntityException', `Login Profile for User ${user.settings.name} cannot be found.`)
}
