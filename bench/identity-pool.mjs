// What the operations of identity pools need: a pool of the world's app, its roles, and identities of users who signed in.
import { randomBytes } from 'node:crypto'

const MOST_IDENTITIES = 200
const service = 'cognito-identity'
const signed = true

/** Undefined where there are no identity pools: of a peer, or of a commit before there were some. */
export async function prepareIdentityPool(client, world, sessions) {
  try {
    return await makeIdentityPool(client, world, sessions)
  } catch {
    return undefined
  }
}

async function makeIdentityPool({ call, query }, world, sessions) {
  const provider = `cognito-idp.${world.region}.amazonaws.com/${world.poolId}`
  const name = `bench-${randomBytes(4).toString('hex')}`
  const { IdentityPoolId } = await call(
    'CreateIdentityPool',
    {
      IdentityPoolName: name,
      AllowUnauthenticatedIdentities: true,
      CognitoIdentityProviders: [{ ProviderName: provider, ClientId: world.clientId }],
    },
    { signed, service },
  )
  const Roles = {}
  for (const kind of ['authenticated', 'unauthenticated']) {
    const RoleName = `${name}-${kind}`
    const AssumeRolePolicyDocument = JSON.stringify(trust(IdentityPoolId, kind))
    const answer = await query('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument }, { signed })
    const PolicyDocument = JSON.stringify(OWN_DATASETS)
    await query('iam', 'PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument }, { signed })
    Roles[kind] = /<Arn>([^<]*)<\/Arn>/.exec(answer)?.[1]
  }
  await call('SetIdentityPoolRoles', { IdentityPoolId, Roles }, { signed, service })
  const users = await Promise.all(
    sessions.slice(0, MOST_IDENTITIES).map(async ({ IdToken }) => {
      const Logins = { [provider]: IdToken }
      const { IdentityId } = await call('GetId', { IdentityPoolId, Logins }, { service })
      return { IdentityId, Logins }
    }),
  )
  const { IdentityId: guestId } = await call('GetId', { IdentityPoolId }, { service })
  return { IdentityPoolId, users, guestId }
}

const variable = (name) => `\${cognito-identity.amazonaws.com:${name}}`

/** What AWS's documentation gives an identity of Cognito Sync: its own data. */
const OWN_DATASETS = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Action: 'cognito-sync:*',
    Resource: `arn:aws:cognito-sync:*:*:identitypool/${variable('aud')}/identity/${variable('sub')}/dataset/*`,
  },
}

const trust = (poolId, kind) => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: { 'cognito-identity.amazonaws.com:aud': poolId },
      'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': kind },
    },
  },
})
