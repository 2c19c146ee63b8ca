// What the operations with temporary credentials need: an identity pool, a role that trusts it, a token of the pool and
// a session of the role.
import { randomBytes } from 'node:crypto'

const PROVIDER = 'bench'
const LONGEST_TOKEN_SECONDS = 86_400
const textOf = (xml, name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]

/** Undefined where there is no STS: of a peer, or of a commit before there was one. */
export async function prepareWebIdentity({ call, query }) {
  try {
    return await makeWebIdentity(call, query)
  } catch {
    return undefined
  }
}

async function makeWebIdentity(call, query) {
  const signed = true
  const service = 'cognito-identity'
  const settings = { AllowUnauthenticatedIdentities: false, DeveloperProviderName: PROVIDER }
  const name = `bench-${randomBytes(4).toString('hex')}`
  const { IdentityPoolId } = await call(
    'CreateIdentityPool',
    { IdentityPoolName: name, ...settings },
    { signed, service },
  )
  const trust = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { 'cognito-identity.amazonaws.com:aud': IdentityPoolId },
        'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
      },
    },
  }
  const parameters = { RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }
  const RoleArn = textOf(await query('iam', 'CreateRole', parameters, { signed }), 'Arn')
  const { Token: token } = await call(
    'GetOpenIdTokenForDeveloperIdentity',
    { IdentityPoolId, Logins: { [PROVIDER]: 'ada' }, TokenDuration: LONGEST_TOKEN_SECONDS },
    { signed, service },
  )
  const request = { RoleArn, RoleSessionName: 'bench', WebIdentityToken: token }
  const answer = await query('sts', 'AssumeRoleWithWebIdentity', request)
  const credentials = {
    accessKeyId: textOf(answer, 'AccessKeyId'),
    secretAccessKey: textOf(answer, 'SecretAccessKey'),
    sessionToken: textOf(answer, 'SessionToken'),
  }
  return { RoleArn, token, credentials }
}
