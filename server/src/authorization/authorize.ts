// The step of the path that says yes or no to a known caller.
//
// Today there is one principal, the administrator of the account, who may do everything; a user's token was checked for
// its scope when it was verified. The policy evaluator takes this place for other principals.
import type { UserPool } from '../cognito-idp/user-pools/pool-store.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { AnyCaller } from '../operation.ts'
import { resourceArn } from './resource-arn.ts'

export interface Authorization {
  caller: AnyCaller
  service: string
  operation: string
  input: Record<string, unknown>
  pool: UserPool | undefined
}

/** Throws AccessDeniedException when the caller may not run the operation on its resource. */
export async function authorize(context: Context, request: Authorization): Promise<void> {
  const { caller } = request
  if (caller.kind !== 'signed' || caller.arn === rootArn(context)) return
  throw new ApiError(
    'AccessDeniedException',
    `User: ${caller.arn} is not authorized to perform: ${request.service}:${request.operation} on resource: ${resourceArn(context.config, request.input)}`,
  )
}

/** The account's root: who signs with the administrator's key. */
export const rootArn = (context: Context): string => `arn:aws:iam::${context.config.accountId}:root`
