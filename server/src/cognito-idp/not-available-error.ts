// The error for a part of user pools that is not implemented yet; docs/compatibility.md lists them.
import { ApiError } from '../errors.ts'

/** NotImplementedException with status 501, which SDKs do not retry. `what` completes "does not implement … yet". */
export const notAvailableError = (what: string): ApiError =>
  new ApiError('NotImplementedException', `Cognomen does not implement ${what} yet; see docs/compatibility.md.`, {
    status: 501,
  })
