import { ApiError } from '../../errors.ts'
import { limits } from '../limits.ts'

/** Throws InvalidInput for more thumbprints than a provider has. The text says "fewer" and means "not more". */
export function checkThumbprints(thumbprints: readonly string[]): void {
  if (thumbprints.length > limits.thumbprints.max)
    throw new ApiError('InvalidInputException', 'Thumbprint list must contain fewer than 5 entries.')
}
