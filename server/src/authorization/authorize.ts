// The step of the path that says yes or no to a signed caller: the policies that apply to it, evaluated for an action on
// a resource (iam/). Operations that touch a second resource, such as a role that they pass on, ask here as well.
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { ApiRequest } from '../http/request.ts'
import type { SignedCaller } from '../operation.ts'

/** What an action is on: an ARN, or `*` when it is on nothing in particular, and the tags it carries. */
export interface Resource {
  arn: string
  tags?: Readonly<Record<string, string>> | undefined
}

export interface Authorization {
  caller: SignedCaller
  /** service:Operation. */
  action: string
  resource: Resource
  request: Pick<ApiRequest, 'headers' | 'remoteAddress'>
  input: Record<string, unknown>
}

/** Throws AccessDeniedException when the caller may not do it (texts: reference identity-pools 16.6). */
export async function authorize(_context: Context, { caller, action, resource }: Authorization): Promise<void> {
  if (caller.principal.kind === 'root') return
  throw new ApiError(
    'AccessDeniedException',
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource.arn}`,
  )
}
