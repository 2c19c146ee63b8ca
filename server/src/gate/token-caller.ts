// Callers of the gate with an access token of a user pool. They act under the role that the route names, or the role of
// their groups, chosen as an identity pool would choose it from the token.

import { requestFacts } from '../authorization/request-facts.ts'
import { preferredRole, rolesOf } from '../cognito-idp/groups/group-rules.ts'
import { type Group, groupsOfUser } from '../cognito-idp/groups/group-store.ts'
import { verifyAccessToken } from '../cognito-idp/tokens/access-token.ts'
import type { GateRoute } from '../config/gate-routes.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { ApiRequest } from '../http/request.ts'
import { entityArn, parseEntityArn, roleSessionArn } from '../iam/arn-rules.ts'
import type { Role } from '../iam/entity-types.ts'
import { spendProof } from '../oauth/dpop/proof.ts'
import type { Proof } from '../oauth/dpop/read-proof.ts'
import { issuersOf } from '../signing/issuer-rules.ts'
import type { KnownCaller } from './decide.ts'

const hostAndPath = (issuer: string): string => issuer.replace(/^https?:\/\//, '')

const notAuthorizedError = (message: string): ApiError => new ApiError('NotAuthorizedException', message)

/**
 * Verifies the token, with the proof of a key that came with it, and builds a role session. Throws NotAuthorizedException and the
 * errors of verifyAccessToken.
 */
export async function tokenCaller(
  context: Context,
  route: GateRoute,
  token: string,
  request: Pick<ApiRequest, 'headers' | 'remoteAddress'>,
  proof?: Proof,
): Promise<KnownCaller> {
  const { pool, client, user, claims } = await verifyAccessToken(context, token, route.scopes ?? [], proof?.key)
  if (route.userPools && !route.userPools.includes(pool.id))
    throw notAuthorizedError('The token is not of a user pool of this route.')
  if (route.clients && !route.clients.includes(client.clientId))
    throw notAuthorizedError('The token is not of an app client of this route.')
  if (route.audiences && ![claims.aud ?? []].flat().some((one) => route.audiences?.includes(one)))
    throw notAuthorizedError('The token is not for an audience of this route.')
  if (proof && !(await spendProof(context, pool.id, proof))) throw notAuthorizedError('The DPoP proof was used before.')
  const groups = await groupsOfUser(context.db, pool.id, user.sub)
  const role = await roleOf(context, route, groups)
  const { accountId } = context.config
  // The session is named by sub, which always fits the 64 characters that a session name may have.
  const arn = roleSessionArn(accountId, role.settings.name, user.sub)
  const names = groups.map(({ name }) => name)
  const issuer = hostAndPath(claims.iss)
  // Policies may name either issuer of the pool, whichever the token has.
  const issuers = [...new Set([claims.iss, ...issuersOf(context.publicUrl, pool.id)])].map(hostAndPath)
  const scopes = claims.scope.split(' ')
  const actor = typeof claims.act?.sub === 'string' ? claims.act.sub : undefined
  return {
    caller: {
      kind: 'signed',
      arn,
      accountId,
      accessKeyId: '',
      region: pool.region,
      facts: requestFacts(request),
      principal: {
        kind: 'role-session',
        role,
        session: {
          kind: 'role',
          accessKeyId: '',
          secretAccessKey: '',
          issuedAt: claims.iat * 1000,
          expiresAt: claims.exp * 1000,
          entity: { key: role.key, id: role.id },
          name: user.sub,
          federatedProvider: issuer,
          context: {
            ...Object.fromEntries(
              issuers.flatMap((one) => [
                [`${one}:sub`, [user.sub]],
                [`${one}:aud`, [client.clientId]],
              ]),
            ),
            // Condition keys of the token that are the same for every user pool.
            'cognomen:sub': [user.sub],
            'cognomen:username': [user.username],
            'cognomen:client_id': [client.clientId],
            'cognomen:groups': names,
            'cognomen:scopes': scopes,
            ...(actor !== undefined && { 'cognomen:actor': [actor] }),
          },
        },
      },
    },
    identity: {
      arn,
      account: accountId,
      userId: `${role.id}:${user.sub}`,
      sub: user.sub,
      username: user.username,
      clientId: client.clientId,
      issuer: claims.iss,
      groups: names,
      scopes,
      ...(actor !== undefined && { actor }),
    },
  }
}

/** The role under which a user acts on a route. */
async function roleOf(context: Context, route: GateRoute, groups: readonly Group[]): Promise<Role> {
  if (route.role === undefined)
    throw notAuthorizedError('This route is for signed requests: it names no role for users.')
  const arn = route.role === 'groups' ? groupRole(groups) : route.role
  const named = parseEntityArn(arn)
  const role = named?.kind === 'role' ? await context.iam.entity('role', named.name) : undefined
  if (!role || entityArn(context.config.accountId, role) !== arn) throw notAuthorizedError(`There is no role ${arn}.`)
  return role
}

/** The preferred role of the groups, or their only one (docs/reference/identity-pools-sts-iam-sync.md 7.2). */
function groupRole(groups: readonly Group[]): string {
  const roles = rolesOf(groups)
  const role = preferredRole(groups) ?? (roles.length === 1 ? roles[0] : undefined)
  if (role === undefined) throw notAuthorizedError('The groups of the user name no role, or several.')
  return role
}
