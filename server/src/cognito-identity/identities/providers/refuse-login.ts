import type { Refusal } from '../../../refusal-rules.ts'

/** Why a login is not accepted. ExternalServiceException: the provider could not be reached. */
export type LoginRefusal = Refusal<'NotAuthorizedException' | 'InvalidParameterException' | 'ExternalServiceException'>

export const refuseLogin = (
  message: string,
  refused: LoginRefusal['refused'] = 'NotAuthorizedException',
): LoginRefusal => ({ refused, message })
