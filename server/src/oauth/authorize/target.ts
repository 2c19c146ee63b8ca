// Where the answer to an authorization request goes: an app client and one of its callback URLs, compared exactly (RFC 9700
// 2.1, 4.1). Before both are known, nobody is redirected. docs/reference/oauth-and-federation.md 3.2, 3.3.
import type { Place } from '../../cognito-idp/sign-in/sign-in.ts'
import type { Context } from '../../context.ts'
import type { Parameters } from '../../http/forms.ts'
import { Unredirectable } from '../oauth-error.ts'
import { ownPageAt } from '../own-pages.ts'
import type { PoolDoor } from '../pool-door.ts'

export interface Target extends Place {
  readonly redirectUri: string
  /** The page of the pool that the user signs in for, in place of an application: it gets no code. */
  readonly ownPage?: string
}

/** The client of a request, in the pool whose endpoint it came to. Throws Unredirectable. */
export async function findPlace(context: Context, { pool }: PoolDoor, clientId: string | undefined): Promise<Place> {
  const client = await context.userPools.client(clientId ?? '')
  if (client?.userPoolId !== pool.id) throw new Unredirectable('invalid_client')
  return { pool, client }
}

/** Throws Unredirectable for a client of no such id in this pool, and for a URL that is not one of its callbacks. */
export async function findTarget(context: Context, door: PoolDoor, parameters: Parameters): Promise<Target> {
  const place = await findPlace(context, door, parameters.get('client_id'))
  const redirectUri = parameters.get('redirect_uri')
  const ownPage = redirectUri && ownPageAt(door, place.client, redirectUri)
  if (ownPage) return { ...place, redirectUri, ownPage }
  if (redirectUri === undefined || !place.client.settings.CallbackURLs?.includes(redirectUri))
    throw new Unredirectable('redirect_mismatch')
  return { ...place, redirectUri }
}
