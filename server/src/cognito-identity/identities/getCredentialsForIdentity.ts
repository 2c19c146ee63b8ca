// The enhanced flow (docs/reference/identity-pools-sts-iam-sync.md 4.5): authenticates the caller as an identity,
// chooses its role (role-rules.ts), and gets the role's credentials (role-credentials.ts).
import type { Context } from '../../context.ts'
import { credentialsGiven } from '../../events.ts'
import { IDENTITY_POOL_PROVIDER } from '../../iam/arn-rules.ts'
import { enforce } from '../../refusal-rules.ts'
import { developerCaller } from '../credentials/developer-caller.ts'
import { principalTags } from '../credentials/principal-tags.ts'
import {
  type CredentialsRequest,
  INVALID_CONFIGURATION_TEXT,
  roleCredentials,
} from '../credentials/role-credentials.ts'
import { chooseRole, guestRole, type RoleChoice } from '../credentials/role-rules.ts'
import type { IdentityPool } from '../identity-pools/pool-store.ts'
import { type OperationRequest, operation } from '../operation.ts'
import { authenticatedBy, GUEST_AMR } from './amr-rules.ts'
import { noteGuestUse } from './guest-removal.ts'
import { guestRefusal } from './guest-rules.ts'
import type { Identity } from './identity-store.ts'
import { linkLogins } from './link.ts'
import { requireLinked } from './link-refusals.ts'
import { requireIdentity } from './require-identity.ts'
import { givenLogins, verifyLogins } from './verify-logins.ts'

type Request = OperationRequest<'GetCredentialsForIdentity'>

/** The authenticated identity, and the role that it gets. */
interface Caller extends Pick<CredentialsRequest, 'identityId' | 'amr' | 'tags' | 'guest'> {
  role: RoleChoice
}

export const getCredentialsForIdentity = operation('GetCredentialsForIdentity', async (context, request) => {
  const { input, fail } = request
  const { identity, pool } = await requireIdentity(context, input.IdentityId)
  const { role, ...caller } = await callerOf(context, request, identity, pool)
  const issued =
    role.refused === undefined
      ? await roleCredentials(context, {
          ...caller,
          poolId: pool.id,
          roleArn: role.roleArn,
          sourceIp: request.remoteAddress,
        })
      : role
  if (issued.refused === undefined) {
    const { AccessKeyId: accessKeyId } = issued.credentials
    if (caller.guest) noteGuestUse(context, identity.id)
    credentialsGiven(context, { identityPool: pool.id, identity: caller.identityId, accessKeyId })
    return { IdentityId: caller.identityId, Credentials: issued.credentials }
  }
  if (issued.refused === 'ambiguous')
    throw fail('NotAuthorizedException', 'The ambiguous role mapping rules denied this request')
  if (issued.refused === 'custom-role')
    throw fail('NotAuthorizedException', `Access to Role '${input.CustomRoleArn}' is forbidden.`)
  context.log.debug({ pool: pool.id, reason: issued.refused }, 'no credentials for an identity')
  throw fail('InvalidIdentityPoolConfigurationException', INVALID_CONFIGURATION_TEXT)
})

async function callerOf(
  context: Context,
  { input, fail }: Request,
  identity: Identity,
  pool: IdentityPool,
): Promise<Caller> {
  const { settings } = pool
  const customRoleArn = input.CustomRoleArn
  const given = givenLogins(input.Logins)
  if (given.length === 0) {
    enforce(fail, guestRefusal(settings, identity))
    if (customRoleArn !== undefined)
      throw fail('InvalidParameterException', 'CustomRoleArn can not be used without logins.')
    const roleArn = guestRole(settings)
    return {
      identityId: identity.id,
      amr: GUEST_AMR,
      guest: true,
      role: roleArn === undefined ? { refused: 'no-role' } : { roleArn },
    }
  }
  const [[name, token] = ['', ''], ...others] = given
  if (name === IDENTITY_POOL_PROVIDER && others.length === 0) {
    const { amr, tags } = await developerCaller(context, pool, identity, token)
    return {
      identityId: identity.id,
      amr,
      tags,
      guest: false,
      role: chooseRole({ settings, logins: [], customRoleArn }),
    }
  }
  const logins = await verifyLogins(context, pool, given)
  const { id } = requireLinked(fail, await linkLogins(context, pool, logins, identity), identity.id)
  return {
    identityId: id,
    amr: authenticatedBy(logins),
    tags: principalTags(settings, logins),
    guest: false,
    role: chooseRole({ settings, logins, customRoleArn }),
  }
}
