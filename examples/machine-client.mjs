// A program that calls an API in its own name: client_credentials, with the scopes of a resource server; the API verifies the
// token with jose. Paste the line that the server prints at its start. Then: node examples/machine-client.mjs
import { createServer } from 'node:http'
import {
  CognitoIdentityProviderClient,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oidc from 'openid-client'

const admin = new CognitoIdentityProviderClient()
const { UserPool } = await admin.send(new CreateUserPoolCommand({ PoolName: 'machines' }))
const UserPoolId = UserPool.Id
await admin.send(
  new CreateResourceServerCommand({
    UserPoolId,
    Identifier: 'orders',
    Name: 'Orders',
    Scopes: [
      { ScopeName: 'read', ScopeDescription: 'Read orders' },
      { ScopeName: 'write', ScopeDescription: 'Write orders' },
    ],
  }),
)
const { UserPoolClient } = await admin.send(
  new CreateUserPoolClientCommand({
    UserPoolId,
    ClientName: 'nightly report',
    GenerateSecret: true,
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: ['orders/read'],
  }),
)

// The API, a service of your own.
const issuer = `${process.env.AWS_ENDPOINT_URL}/${UserPoolId}`
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))
const api = createServer(async (request, response) => {
  const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
  try {
    const { payload } = await jwtVerify(token, keys, { issuer, algorithms: ['RS256'] })
    if (payload.token_use !== 'access') throw new Error('not an access token')
    const needed = request.method === 'GET' ? 'orders/read' : 'orders/write'
    response.writeHead(payload.scope.split(' ').includes(needed) ? 200 : 403).end('[{"order":1}]')
  } catch {
    response.writeHead(401).end()
  }
})
await new Promise((done) => api.listen(0, '127.0.0.1', done))
const orders = `http://127.0.0.1:${api.address().port}/orders`

// The program. Only allowInsecureRequests is for a development server without TLS.
const config = await oidc.discovery(
  new URL(issuer),
  UserPoolClient.ClientId,
  UserPoolClient.ClientSecret,
  oidc.ClientSecretBasic(UserPoolClient.ClientSecret),
  { execute: [oidc.allowInsecureRequests] },
)
const { access_token, expires_in } = await oidc.clientCredentialsGrant(config, { scope: 'orders/read' })
console.log(`A token for ${expires_in} seconds.`)
const call = async (method, token) =>
  (await fetch(orders, { method, headers: { authorization: `Bearer ${token}` } })).status
console.log(`Reading: ${await call('GET', access_token)}`)
console.log(`Writing: ${await call('POST', access_token)}`)
console.log(`Without a token: ${await call('GET', 'none')}`)
api.close()
