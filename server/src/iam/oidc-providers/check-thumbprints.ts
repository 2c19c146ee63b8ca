import { ApiError } from '../../errors.ts'
import { MOST_THUMBPRINTS } from './oidc-provider-rules.ts'

/** Throws InvalidInput for more thumbprints than a provider has. The text says "fewer" and means "not more". */
export function checkThumbprints(thumbprints: readonly string[]): void {
  if (thumbprints.length > MOST_THUMBPRINTS)
    throw new ApiError('InvalidInputException', 'Thumbprint list must contain fewer than 5 entries.')
}
