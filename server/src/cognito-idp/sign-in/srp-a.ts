import { parseSrpA } from '../../crypto/srp.ts'
import { ApiError } from '../../errors.ts'
import { requireParameter, type SignInRequest } from './sign-in.ts'

/** The client's SRP_A. Throws InvalidParameterException when it is missing or not usable (docs/behaviour/sign-in.md). */
export function requireSrpA(request: Pick<SignInRequest, 'parameters'>): Uint8Array {
  const A = parseSrpA(requireParameter(request, 'SRP_A'))
  if (!A) throw new ApiError('InvalidParameterException', 'Invalid SRP_A')
  return A
}
