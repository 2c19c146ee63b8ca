// Which ways an app client offers its users to sign in, and which one a request chooses: COGNITO, the pool's own users, or
// identity providers. docs/reference/oauth-and-federation.md 3.1, 3.2, 4.1.
import {
  type IdentityProvider,
  type ProviderSummary,
  providerOfIdentifier,
} from '../../cognito-idp/identity-providers/provider-store.ts'
import type { Place } from '../../cognito-idp/sign-in/sign-in.ts'
import type { UserPoolClient } from '../../cognito-idp/user-pool-clients/client-store.ts'
import type { Context } from '../../context.ts'
import type { AuthorizationRequest } from '../authorize/read-request.ts'
import { Unredirectable } from '../oauth-error.ts'

/** The name that stands for the users of the pool itself. */
export const OWN_USERS = 'COGNITO'

const namesOf = ({ settings }: UserPoolClient): readonly string[] => {
  const names = settings.SupportedIdentityProviders ?? []
  return names.length === 0 ? [OWN_USERS] : names
}

/** Whether users sign in to this client by this way: `COGNITO`, or a provider. */
export const hasWay = (client: UserPoolClient, name: string): boolean => namesOf(client).includes(name)

/** Whether users sign in with a name and a password of the pool at this client. */
export const hasOwnUsers = (client: UserPoolClient): boolean => hasWay(client, OWN_USERS)

/** The provider of this name, if the client has it now. Throws Unredirectable. */
export async function requireClientProvider(
  { userPools }: Pick<Context, 'userPools'>,
  { pool, client }: Place,
  name: string,
): Promise<IdentityProvider> {
  const provider = namesOf(client).includes(name) ? await userPools.identityProvider(pool.id, name) : undefined
  if (!provider) throw new Unredirectable('unknown_provider')
  return provider
}

/** The providers that the client offers, in the client's order. */
export async function offeredProviders(
  { userPools }: Pick<Context, 'userPools'>,
  { pool, client }: Place,
): Promise<readonly ProviderSummary[]> {
  const names = namesOf(client)
  if (names.every((name) => name === OWN_USERS)) return []
  const known = await userPools.identityProviders(pool.id)
  return names.flatMap((name) => known.find((provider) => provider.name === name) ?? [])
}

/**
 * The name of the way that a request chooses, by its name or an identifier, or that it has as the client has no other;
 * undefined where the user chooses. Throws Unredirectable for one that the client has not.
 */
export async function chosenWay(
  context: Pick<Context, 'userPools' | 'db'>,
  asked: Pick<AuthorizationRequest, 'provider' | 'pool' | 'client'>,
): Promise<{ name: string; asked: boolean } | undefined> {
  const { provider, pool, client } = asked
  if (!provider) {
    const [only, ...others] = namesOf(client)
    return only !== undefined && others.length === 0 ? { name: only, asked: false } : undefined
  }
  const name = 'name' in provider ? provider.name : await nameOfIdentifier(context, pool.id, provider.identifier)
  if (name === OWN_USERS && hasOwnUsers(client)) return { name, asked: true }
  return { name: (await requireClientProvider(context, asked, name ?? '')).name, asked: true }
}

/** The form of an IdpIdentifier (docs/reference/oauth-and-federation.md 19.1). */
const IDENTIFIER = /^[\w\s+=.@-]{1,40}$/

const nameOfIdentifier = async (
  { db }: Pick<Context, 'db'>,
  poolId: string,
  identifier: string,
): Promise<string | undefined> =>
  IDENTIFIER.test(identifier) ? providerOfIdentifier(db, poolId, identifier) : undefined

/** The identifier of a provider of the client that the domain of an e-mail address is; undefined where there is none. */
export async function identifierOfAddress(
  context: Pick<Context, 'userPools' | 'db'>,
  { pool, client }: Place,
  address: string,
): Promise<string | undefined> {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  // Domains have no case, identifiers have.
  for (const identifier of new Set([domain, domain.toLowerCase()])) {
    const name = await nameOfIdentifier(context, pool.id, identifier)
    if (name !== undefined && namesOf(client).includes(name)) return identifier
  }
  return undefined
}

/**
 * Whether users are asked for their e-mail address in place of a choice among the SAML providers: where there are several,
 * and each has an identifier (docs/reference/oauth-and-federation.md 4.1). `wanted`: what a style says; no provider without
 * an identifier is found by an address.
 */
export const asksForAddress = (providers: readonly ProviderSummary[], wanted?: boolean): boolean => {
  const saml = providers.filter(({ type }) => type === 'SAML')
  return saml.every(({ identifiers }) => identifiers.length > 0) && saml.length > 0 && (wanted ?? saml.length > 1)
}
