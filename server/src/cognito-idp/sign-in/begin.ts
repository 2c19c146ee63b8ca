// What InitiateAuth and AdminInitiateAuth share: the checks before a flow runs.

import type { Context } from '../../context.ts'
import type { AuthFlowType } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import { allowsFlow } from '../user-pool-clients/auth-flow-rules.ts'
import { requireSecretHash } from '../user-pool-clients/check-secret-hash.ts'
import { type SignInAnswer, takeStep } from './api-answer.ts'
import { flows } from './flows.ts'
import type { Flow, SignInRequest } from './sign-in.ts'

/** Checks that the operation and the client allow the flow, then runs it. Throws InvalidParameterException. */
export async function beginSignIn(
  context: Context,
  request: SignInRequest,
  flowName: AuthFlowType,
): Promise<SignInAnswer> {
  const flow = flows[flowName]
  if (!allowedForOperation(flow, request.admin))
    throw new ApiError('InvalidParameterException', 'Initiate Auth method not supported.')
  checkSecretHashParameter(request, flow)
  if (!allowsFlow(request.client.settings, flow.allowedAs)) {
    throw new ApiError(
      'InvalidParameterException',
      request.admin ? 'Auth flow not enabled for this client' : `${flowName} flow not enabled for this client`,
    )
  }
  context.unservedNotices.notePool(request.pool)
  return takeStep(context, request, flow.begin)
}

const allowedForOperation = (flow: Flow, admin: boolean): boolean =>
  flow.door === 'both' || (flow.door === 'admin') === admin

// A refresh has no USERNAME to check SECRET_HASH against: its flow checks the hash when it has read the token's user.
function checkSecretHashParameter({ client, parameters }: SignInRequest, flow: Flow): void {
  if (flow.allowedAs === 'REFRESH_TOKEN_AUTH' && parameters.SECRET_HASH !== undefined) return
  requireSecretHash(client, [parameters.USERNAME ?? ''], parameters.SECRET_HASH)
}
