import { ApiError } from '../../errors.ts'
import { limits } from '../limits.ts'

/** Throws InvalidInput for too many thumbprints. The text is that of the service, though 5 are allowed. */
export function checkThumbprints(thumbprints: readonly string[]): void {
  if (thumbprints.length > limits.thumbprints.max)
    throw new ApiError('InvalidInputException', 'Thumbprint list must contain fewer than 5 entries.')
}
