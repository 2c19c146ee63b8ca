// The error for a wrong or expired code (docs/reference/user-pools.md 3.3).
import { ApiError } from '../../errors.ts'
import { CODE_EXPIRED_MESSAGE, CODE_MISMATCH_MESSAGE } from '../codes/codes.ts'

export const codeError = (outcome: 'wrong' | 'expired'): ApiError =>
  outcome === 'wrong'
    ? new ApiError('CodeMismatchException', CODE_MISMATCH_MESSAGE)
    : new ApiError('ExpiredCodeException', CODE_EXPIRED_MESSAGE)
