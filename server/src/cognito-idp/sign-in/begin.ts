// The beginning of a sign-in, the same for InitiateAuth and AdminInitiateAuth.

import type { Context } from '../../context.ts'
import type { AuthFlowType } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import { allowsFlow } from '../user-pool-clients/auth-flow-rules.ts'
import { requireSecretHash } from '../user-pool-clients/check-secret-hash.ts'
import { advance, notAvailableError, type SignInAnswer } from './advance.ts'
import { flows } from './flows.ts'
import type { Flow, SignInRequest } from './sign-in.ts'

/** Checks that the flow is there and allowed, then runs it. */
export async function beginSignIn(
  context: Context,
  request: SignInRequest,
  flowName: AuthFlowType,
): Promise<SignInAnswer> {
  const flow = flows[flowName]
  if (flow && !takenBy(flow, request.admin))
    throw new ApiError('InvalidParameterException', 'Initiate Auth method not supported.')
  checkSecretHashParameter(request, flow)
  if (!allowsFlow(request.client.settings, flow?.allowedAs ?? (flowName as 'CUSTOM_AUTH' | 'USER_AUTH'))) {
    throw new ApiError(
      'InvalidParameterException',
      request.admin ? 'Auth flow not enabled for this client' : `${flowName} flow not enabled for this client`,
    )
  }
  if (!flow) throw notAvailableError(`the authentication flow ${flowName}`)
  return advance(context, request, await flow.begin(context, request))
}

const takenBy = (flow: Flow, admin: boolean): boolean => flow.door === 'both' || (flow.door === 'admin') === admin

// A refresh names no user: its flow checks the hash when it knows whose token it is.
function checkSecretHashParameter({ client, parameters }: SignInRequest, flow: Flow | undefined): void {
  if (flow?.allowedAs === 'REFRESH_TOKEN_AUTH' && parameters.SECRET_HASH !== undefined) return
  requireSecretHash(client, [parameters.USERNAME ?? ''], parameters.SECRET_HASH)
}
