// Keeps the metadata of SAML providers that are named by their URL current: they are read again when somebody signs in and they
// are older than six hours, or than they say of themselves (docs/reference/oauth-and-federation.md 22.1). While the URL does not
// answer, the old ones count, until their validUntil.
import type { Context } from '../../context.ts'
import { ageOf } from '../../effects/time-rules.ts'
import { ApiError } from '../../errors.ts'
import { type IdpMetadata, knownIdpMetadata } from '../../saml/metadata.ts'
import { limits } from '../limits.ts'
import { type IdentityProvider, providerRow, replaceProvider } from './provider-store.ts'
import { readMetadata } from './saml-metadata.ts'

const MAX_AGE_MS = limits.samlMetadataAge.max * 1000
/** However short a document says that it may be kept; also between two attempts after one has failed. */
const MIN_AGE_MS = 60_000

/** By pool and provider, in this process: reads under way, and when one has failed. */
const underWay = new Map<string, Promise<void>>()
const failedAt = new Map<string, number>()
const FAILURES_KEPT = 1000

/** The provider with metadata that are as new as they can be had. */
export async function withCurrentMetadata(context: Context, provider: IdentityProvider): Promise<IdentityProvider> {
  const { userPoolId, name, details, document } = provider
  const now = context.clock.now()
  const metadata = await knownIdpMetadata(document)
  if (details['MetadataURL'] === undefined || !isDue('refused' in metadata ? {} : metadata, provider, now))
    return provider
  const key = `${userPoolId} ${name}`
  const failure = failedAt.get(key)
  if (failure !== undefined && ageOf(failure, now) < MIN_AGE_MS) return provider
  const reading = underWay.get(key) ?? readAgain(context, provider, key).finally(() => underWay.delete(key))
  underWay.set(key, reading)
  await context.aside(() => reading)
  return (await context.userPools.identityProvider(userPoolId, name)) ?? provider
}

function isDue(
  { validUntil = Number.POSITIVE_INFINITY, cacheMs = MAX_AGE_MS }: Partial<IdpMetadata>,
  { readAt = 0 }: IdentityProvider,
  now: number,
): boolean {
  const maxAge = Math.min(MAX_AGE_MS, Math.max(MIN_AGE_MS, cacheMs))
  return validUntil <= now || ageOf(readAt, now) >= maxAge
}

async function readAgain(context: Context, provider: IdentityProvider, key: string): Promise<void> {
  const { SSORedirectBindingURI: _signIn, SLORedirectBindingURI: _logout, ...details } = provider.details
  try {
    const { document, endpoints, entityId } = await readMetadata(context, details)
    const after: IdentityProvider = {
      ...provider,
      details: { ...details, ...endpoints },
      document,
      entityId,
      readAt: context.clock.now(),
      version: provider.version + 1,
    }
    // An administrator's change at the same time wins, and is read below.
    await replaceProvider(context.db, provider, providerRow(context.sealer, after))
    failedAt.delete(key)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (failedAt.size >= FAILURES_KEPT) failedAt.delete(failedAt.keys().next().value as string)
    failedAt.set(key, context.clock.now())
    const { userPoolId: pool, name } = provider
    context.log.warn(
      { pool, provider: name, reason: error.message },
      'metadata of a SAML provider cannot be read again',
    )
  }
  context.userPools.forgetProvider(provider.userPoolId, provider.name)
}
