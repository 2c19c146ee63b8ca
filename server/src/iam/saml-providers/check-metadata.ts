import { ApiError } from '../../errors.ts'
import { parseIdpMetadata } from '../../saml/metadata.ts'

/** The validity of metadata without a validUntil, as at the service (docs/behaviour/iam.md). */
const VALID_YEARS = 100

/** The end of the validity of metadata in epoch milliseconds. Throws InvalidInput for invalid metadata. */
export async function checkMetadata(document: string, now: number): Promise<number> {
  const metadata = await parseIdpMetadata(document)
  if ('refused' in metadata)
    throw new ApiError('InvalidInputException', `Could not parse metadata: ${metadata.detail}.`)
  return metadata.validUntil ?? new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + VALID_YEARS)
}
