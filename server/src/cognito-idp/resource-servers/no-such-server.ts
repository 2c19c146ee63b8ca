import { ApiError } from '../../errors.ts'

/** ResourceNotFoundException for an identifier that no resource server of the pool has. */
export const noSuchServerError = (identifier: string): ApiError =>
  new ApiError('ResourceNotFoundException', `A resource server with identifier ${identifier} does not exist.`)
