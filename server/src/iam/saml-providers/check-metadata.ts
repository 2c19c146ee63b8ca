import { ApiError } from '../../errors.ts'
import { parseIdpMetadata } from '../../saml/metadata.ts'

/** Of metadata that give no end: a century after they came, as the service has it (docs/behaviour/iam.md). */
const VALID_YEARS = 100

/** When metadata end, in epoch milliseconds. Throws InvalidInput for what describes no identity provider. */
export async function checkMetadata(document: string, now: number): Promise<number> {
  const metadata = await parseIdpMetadata(document)
  if ('refused' in metadata)
    throw new ApiError('InvalidInputException', `Could not parse metadata: ${metadata.detail}.`)
  return metadata.validUntil ?? new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + VALID_YEARS)
}
