// What a resource server may be, and the scopes that it gives. Pure. docs/reference/oauth-and-federation.md 10.1;
// lengths and characters are in the contract.
import type { ResourceServerScopeType, ResourceServerType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { registrationOf } from '../user-pools/dcr-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { ResourceServer } from './resource-server-store.ts'

/** The identifier of the resource server of client registration, which no administrator makes. */
const RESERVED = 'aws.cognito/dcr'
/** Its scope, which every pool has: a token with it may register app clients (oauth/register/). */
export const REGISTRATION_SCOPE = `${RESERVED}/register`

/** The same as lists show it, in pools where applications may register themselves. */
const registrationServer = (userPoolId: string): ResourceServerType => ({
  UserPoolId: userPoolId,
  Identifier: RESERVED,
  Name: 'Dynamic client registration',
  Scopes: [{ ScopeName: 'register', ScopeDescription: 'register app clients' }],
  ManagedBy: 'COGNITO',
})

/** The resource servers of a pool that the service manages (ManagedBy). */
export const managedServers = ({ id, settings }: UserPool): ResourceServerType[] =>
  registrationOf(settings) ? [registrationServer(id)] : []

/** Why an administrator may not change or delete a resource server. */
export const managedRefusal = (pool: UserPool, identifier: string): Refusal | undefined =>
  managedServers(pool).some((server) => server.Identifier === identifier)
    ? invalid(`The resource server ${identifier} is managed by Cognito.`)
    : undefined

/** Why a new resource server is refused, whatever its scopes; undefined when it is not. */
export const identifierRefusal = (identifier: string): Refusal | undefined =>
  identifier === RESERVED ? invalid(`The identifier ${RESERVED} is reserved.`) : undefined

/** Why the scopes of a resource server are refused; undefined when they are not. */
export function scopesRefusal(scopes: readonly ResourceServerScopeType[] = []): Refusal | undefined {
  const names = scopes.map(({ ScopeName }) => ScopeName)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  return twice === undefined ? undefined : invalid(`The scope ${twice} is given more than once.`)
}

interface ResourceServerInput {
  UserPoolId: string
  Identifier: string
  Name: string
  Scopes?: ResourceServerScopeType[]
}

/** The resource server of a request. */
export const resourceServerOf = ({
  UserPoolId,
  Identifier,
  Name,
  Scopes = [],
}: ResourceServerInput): ResourceServer => ({
  identifier: Identifier,
  userPoolId: UserPoolId,
  name: Name,
  scopes: Scopes.map(({ ScopeName, ScopeDescription }) => ({ name: ScopeName, description: ScopeDescription })),
})

/** The same in the API's form. */
export const resourceServerType = ({ identifier, userPoolId, name, scopes }: ResourceServer): ResourceServerType => ({
  UserPoolId: userPoolId,
  Identifier: identifier,
  Name: name,
  Scopes: scopes.map((scope) => ({ ScopeName: scope.name, ScopeDescription: scope.description })),
})

/** The scopes of resource servers as clients and tokens name them: `identifier/scope`. */
export const scopesOf = (servers: readonly ResourceServer[]): string[] =>
  servers.flatMap(({ identifier, scopes }) => scopes.map(({ name }) => `${identifier}/${name}`))
