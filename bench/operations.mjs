// What is measured: each operation with the work it cannot avoid, and the calls that carry it out. `run` throws when the
// answer is not the right one: a fast wrong answer is no figure.
import { randomBytes } from 'node:crypto'
import { oauthOperations } from './oauth-operations.mjs'
import { signInOperations } from './sign-in-operations.mjs'
import { srpA, srpAnswer } from './srp-client.mjs'
import { syncOperations } from './sync-operations.mjs'

const run = randomBytes(4).toString('hex')
const expect = (right, what, answer) => {
  if (!right) throw new Error(`${what}: ${JSON.stringify(answer).slice(0, 200)}`)
}

/**
 * `floor`: exponentiations, signatures and verifications (`verification`: RSA; `ecVerification`: ES256) that the protocol
 * demands of a server. Cognito's clients need
 * SRP, so what is stored of a password is a verifier: checking a password is one exponentiation.
 * `share`: the part of the floor that is aimed at. `peer: false`: the peer does not have it.
 */
export const operations = [
  {
    name: 'password sign-in',
    calls: 'InitiateAuth USER_PASSWORD_AUTH',
    floor: { exponentiation: 1, signature: 2 },
    share: 0.6,
    connections: 16,
    run: async ({ call, world }, i) => {
      const { username, password } = nth(world.users, i)
      const answer = await call('InitiateAuth', {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: world.clientId,
        AuthParameters: { USERNAME: username, PASSWORD: password },
      })
      expect(answer.AuthenticationResult?.RefreshToken, 'no tokens', answer)
    },
  },
  {
    name: 'SRP sign-in',
    calls: 'InitiateAuth USER_SRP_AUTH, RespondToAuthChallenge PASSWORD_VERIFIER',
    floor: { exponentiation: 3, signature: 2 },
    peer: false,
    share: 0.6,
    connections: 16,
    run: async ({ call, world }, i) => {
      const { username, password } = nth(world.users, i)
      const challenge = await call('InitiateAuth', {
        AuthFlow: 'USER_SRP_AUTH',
        ClientId: world.clientId,
        AuthParameters: { USERNAME: username, SRP_A: srpA },
      })
      expect(challenge.ChallengeName === 'PASSWORD_VERIFIER', 'no challenge', challenge)
      const answer = await call('RespondToAuthChallenge', {
        ClientId: world.clientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: srpAnswer(world.poolId, challenge.ChallengeParameters, password),
        Session: challenge.Session,
      })
      expect(answer.AuthenticationResult?.RefreshToken, 'no tokens', answer)
    },
  },
  {
    name: 'refresh',
    calls: 'InitiateAuth REFRESH_TOKEN_AUTH',
    floor: { signature: 2 },
    share: 0.6,
    connections: 16,
    run: async ({ call, world, sessions }, i) => {
      const answer = await call('InitiateAuth', {
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        ClientId: world.clientId,
        AuthParameters: { REFRESH_TOKEN: nth(sessions, i).RefreshToken },
      })
      expect(answer.AuthenticationResult?.AccessToken, 'no tokens', answer)
    },
  },
  {
    name: 'GetUser',
    calls: 'GetUser',
    floor: { verification: 1 },
    connections: 32,
    // A quarter of the tokens are new to the process.
    run: async ({ call, sessions, rareTokens }, i) => {
      const { AccessToken, username } = i % 4 === 0 ? rareTokens[(i / 4) % rareTokens.length] : nth(sessions, i)
      const answer = await call('GetUser', { AccessToken })
      const email = answer.UserAttributes?.find(({ Name }) => Name === 'email')?.Value
      expect(email === username, 'another user', answer)
    },
  },
  {
    name: 'ListUsers, one address',
    calls: 'ListUsers with email = "…"',
    floor: {},
    connections: 32,
    run: async ({ call, world }, i) => {
      const { username } = nth(world.users, i)
      const answer = await call(
        'ListUsers',
        { UserPoolId: world.poolId, Filter: `email = "${username}"` },
        { signed: true },
      )
      const email = answer.Users?.[0]?.Attributes?.find(({ Name }) => Name === 'email')?.Value
      expect(answer.Users?.length === 1 && email === username, 'not this user', answer)
    },
  },
  {
    name: 'ListUsers, 20 by name',
    calls: 'ListUsers with family_name ^= "…", Limit 20',
    floor: {},
    connections: 32,
    run: async ({ call, world }, i) => {
      const start = nth(world.familyNames, i)
      const answer = await call(
        'ListUsers',
        { UserPoolId: world.poolId, Filter: `family_name ^= "${start}"`, Limit: 20 },
        { signed: true },
      )
      const least = Math.min(20, world.usersOfName)
      expect(answer.Users?.length >= least && (answer.Users.length <= 20 || world.ignoresLimit), 'not 20 users', answer)
    },
  },
  {
    name: 'SignUp',
    calls: 'SignUp, with a code to the e-mail address',
    floor: { exponentiation: 1 },
    connections: 16,
    run: async ({ call, world }, i) => {
      const address = `new.${run}.${process.pid}.${i}@example.org`
      const answer = await call('SignUp', {
        ClientId: world.clientId,
        Username: address,
        Password: 'Passw0rd!x',
        UserAttributes: [{ Name: 'email', Value: address }],
      })
      expect(answer.UserSub && answer.CodeDeliveryDetails, 'no code', answer)
    },
  },
  {
    name: 'GetId',
    calls: 'GetId of a user who is known, with an ID token',
    floor: { verification: 1 },
    peer: false,
    connections: 32,
    run: async ({ call, identityPool }, i) => {
      const { IdentityPoolId, users = [{}] } = identityPool ?? {}
      const { IdentityId, Logins } = nth(users, i)
      const answer = await call('GetId', { IdentityPoolId, Logins }, { service: 'cognito-identity' })
      expect(IdentityId && answer.IdentityId === IdentityId, 'another identity', answer)
    },
  },
  {
    name: 'credentials of a user',
    calls: 'GetCredentialsForIdentity with an ID token',
    floor: { verification: 1 },
    peer: false,
    connections: 32,
    run: async ({ call, identityPool }, i) => {
      const user = nth(identityPool?.users ?? [{}], i)
      const answer = await call('GetCredentialsForIdentity', user, { service: 'cognito-identity' })
      expect(answer.Credentials?.SessionToken && answer.IdentityId === user.IdentityId, 'no credentials', answer)
    },
  },
  {
    name: 'credentials of a guest',
    calls: 'GetCredentialsForIdentity without logins',
    floor: {},
    peer: false,
    connections: 32,
    run: async ({ call, identityPool }) => {
      const IdentityId = identityPool?.guestId
      const answer = await call('GetCredentialsForIdentity', { IdentityId }, { service: 'cognito-identity' })
      expect(answer.Credentials?.SessionToken, 'no credentials', answer)
    },
  },
  {
    name: 'web identity',
    calls: "AssumeRoleWithWebIdentity with an identity pool's token",
    floor: { verification: 1 },
    peer: false,
    connections: 32,
    run: async ({ query, webIdentity }) => {
      const { RoleArn, token } = webIdentity ?? {}
      const parameters = { RoleArn, RoleSessionName: 'bench', WebIdentityToken: token }
      const answer = await query('sts', 'AssumeRoleWithWebIdentity', parameters)
      expect(answer.includes('<SessionToken>'), 'no credentials', answer)
    },
  },
  {
    name: 'GetCallerIdentity',
    calls: "GetCallerIdentity, signed by a role's session",
    floor: {},
    peer: false,
    connections: 32,
    run: async ({ query, webIdentity }) => {
      const answer = await query('sts', 'GetCallerIdentity', {}, { signed: webIdentity?.credentials ?? true })
      expect(answer.includes(':assumed-role/'), 'another identity', answer)
    },
  },
  ...signInOperations,
  ...oauthOperations,
  ...syncOperations,
]

/** CPU milliseconds of an operation's floor, for the cost of each primitive. */
export const floorMs = ({ floor }, costs) =>
  Object.entries(floor).reduce((sum, [primitive, times]) => sum + times * costs[primitive], 0)

export const operationNamed = (name) => {
  const found = operations.find((operation) => operation.name === name)
  if (!found) throw new Error(`There is no operation "${name}": ${operations.map(({ name }) => name).join(', ')}.`)
  return found
}

const nth = (list, i) => list[i % list.length]
