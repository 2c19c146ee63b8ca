// Metadata of a SAML provider, given as a file or read from its URL when an administrator names it, and whether they
// suffice to sign in with (docs/reference/oauth-and-federation.md 22.1).
import type { Context } from '../../context.ts'
import { decodeUtf8 } from '../../encodings.ts'
import { ApiError } from '../../errors.ts'
import { type IdpMetadata, parseIdpMetadata } from '../../saml/metadata.ts'
import { REDIRECT_BINDING } from '../../saml/names.ts'
import { limits } from '../limits.ts'
import type { Details } from './provider-detail-rules.ts'
import { readUpstream, shownUrl, type UpstreamContext } from './read-upstream.ts'

export interface ReadMetadata {
  document: string
  entityId: string
  /** What answers show of them. */
  endpoints: Details
}

const invalidError = (message: string): ApiError => new ApiError('InvalidParameterException', message)

/** Reads and checks the metadata that the details name. Throws InvalidParameterException. */
export async function readMetadata(
  context: UpstreamContext & Pick<Context, 'clock'>,
  details: Details,
): Promise<ReadMetadata> {
  const document = details['MetadataFile'] ?? (await fetchMetadata(context, details['MetadataURL'] as string))
  const metadata = await parseIdpMetadata(document)
  if ('refused' in metadata) throw invalidError(`Could not parse metadata: ${metadata.detail}.`)
  return { document, entityId: metadata.entityId, endpoints: endpointsOf(metadata, context.clock.now()) }
}

async function fetchMetadata(context: UpstreamContext, url: string): Promise<string> {
  const body = await readUpstream(context, url, 'application/samlmetadata+xml, application/xml, text/xml')
  const shown = shownUrl(url)
  if (!('reason' in body)) {
    const text = decodeUtf8(body)
    if (text !== undefined) return text
    throw invalidError(`Error retrieving metadata from ${shown}: the document is not in UTF-8.`)
  }
  throw invalidError(
    body.status === undefined
      ? `Error retrieving metadata from ${shown}: ${body.reason}.`
      : `Non-ok status code ${body.status} returned from remote metadata source ${shown}`,
  )
}

function endpointsOf(
  { signingCertificates, singleSignOn, singleLogout, validUntil }: IdpMetadata,
  now: number,
): Details {
  const redirect = singleSignOn.find(({ binding }) => binding === REDIRECT_BINDING)
  if (!redirect) throw invalidError('No SingleSignOn Http redirect binding location found in metadata.')
  if (validUntil !== undefined && validUntil <= now) throw invalidError('The metadata have expired.')
  const usable = signingCertificates.filter(({ raw, validTo }) => {
    if (raw.toString('base64').length > limits.samlCertificate.max)
      throw invalidError(`A certificate in the metadata has more than ${limits.samlCertificate.max} characters.`)
    return Date.parse(validTo) > now
  })
  if (usable.length === 0) throw invalidError('The certificates for signing in the metadata have expired.')
  const logout = singleLogout.find(({ binding }) => binding === REDIRECT_BINDING)
  return {
    SSORedirectBindingURI: redirect.location,
    ...(logout && { SLORedirectBindingURI: logout.location }),
  }
}
