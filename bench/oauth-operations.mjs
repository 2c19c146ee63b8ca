// The OAuth endpoints and the sign-in page, for operations.mjs. `prepare` makes a pool with its clients before the first
// measurement; what it returns is `own` for `run`.
import { makeSignInPool } from './sign-in-pools.mjs'

const CALLBACK = 'https://app.example.com/callback'
const SCOPE = 'bench/read'
const MOST_USERS = 200

/** A pool with users, an application that signs them in, and a machine. */
async function makeOAuthPool({ call, sessions }) {
  const pool = await makeSignInPool(call, { count: Math.min(sessions.length, MOST_USERS) })
  const UserPoolId = pool.poolId
  const admin = (operation, input) => call(operation, { UserPoolId, ...input }, { signed: true })
  await admin('CreateResourceServer', {
    Identifier: 'bench',
    Name: 'bench',
    Scopes: [{ ScopeName: 'read', ScopeDescription: 'read' }],
  })
  const client = (input) =>
    admin('CreateUserPoolClient', { ClientName: 'bench', AllowedOAuthFlowsUserPoolClient: true, ...input })
  const { UserPoolClient: app } = await client({
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email'],
    CallbackURLs: [CALLBACK],
    SupportedIdentityProviders: ['COGNITO'],
  })
  const { UserPoolClient: machine } = await client({
    GenerateSecret: true,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: [SCOPE],
  })
  const query = new URLSearchParams({ response_type: 'code', client_id: app.ClientId, redirect_uri: CALLBACK })
  const secret = Buffer.from(`${machine.ClientId}:${machine.ClientSecret}`).toString('base64')
  return { ...pool, clientId: app.ClientId, query, machine: { authorization: `Basic ${secret}` } }
}

const expectStatus = (answer, status, what) => {
  if (answer.status !== status) throw new Error(`${what} answered ${answer.status}: ${answer.text.slice(0, 200)}`)
  return answer
}

/** The sign-in page, as a browser without cookies asks for it. */
async function getPage(web, { poolId, query }) {
  const answer = expectStatus(await web(`/${poolId}/login?${query}`), 200, 'the sign-in page')
  const csrf = /name="_csrf" value="([^"]+)"/.exec(answer.text)?.[1]
  if (!csrf) throw new Error('The sign-in page has no form.')
  return csrf
}

/** From the sign-in page to tokens. */
async function codeFlow(web, own, { username, password }) {
  const csrf = await getPage(web, own)
  const form = { _csrf: csrf, username, password }
  const headers = { cookie: `XSRF-TOKEN=${csrf}` }
  const answer = await web(`/${own.poolId}/login?${own.query}`, { form, headers })
  const code = /^location: [^\r\n]*[?&]code=([\w-]+)/im.exec(answer.head)?.[1]
  if (!code) throw new Error(`The sign-in answered ${answer.status} without a code.`)
  const redeemed = await web(`/${own.poolId}/oauth2/token`, {
    form: { grant_type: 'authorization_code', client_id: own.clientId, code, redirect_uri: CALLBACK },
  })
  const tokens = JSON.parse(expectStatus(redeemed, 200, 'the token endpoint').text)
  if (!tokens.refresh_token || !tokens.id_token) throw new Error('no tokens')
  return tokens
}

const userOf = ({ users }, i) => users[i % users.length]

/** As `operations` of operations.mjs. No peer has them. */
export const oauthOperations = [
  {
    name: 'client_credentials',
    calls: 'POST /oauth2/token, the secret in the header',
    floor: { signature: 1 },
    share: 0.6,
    connections: 16,
    prepare: makeOAuthPool,
    run: async ({ web, own }) => {
      const answer = await web(`/${own.poolId}/oauth2/token`, {
        form: { grant_type: 'client_credentials' },
        headers: own.machine,
      })
      const { access_token } = JSON.parse(expectStatus(answer, 200, 'the token endpoint').text)
      if (!access_token) throw new Error('no token')
    },
  },
  {
    name: 'code flow',
    calls: 'GET /login, POST /login, POST /oauth2/token',
    floor: { exponentiation: 1, signature: 2 },
    prepare: makeOAuthPool,
    run: ({ web, own }, i) => codeFlow(web, own, userOf(own, i)),
  },
  {
    name: 'userInfo',
    calls: 'GET /oauth2/userInfo with a token that was seen before',
    floor: {},
    prepare: async (parts) => {
      const own = await makeOAuthPool(parts)
      const tokens = []
      for (const user of own.users) tokens.push((await codeFlow(parts.web, own, user)).access_token)
      return { ...own, tokens }
    },
    run: async ({ web, own }, i) => {
      const at = i % own.tokens.length
      const headers = { authorization: `Bearer ${own.tokens[at]}` }
      const answer = expectStatus(await web(`/${own.poolId}/oauth2/userInfo`, { headers }), 200, 'userInfo')
      if (JSON.parse(answer.text).email !== own.users[at].username) throw new Error('another user')
    },
  },
  {
    name: 'sign-in page',
    calls: 'GET /login of a browser without cookies',
    floor: {},
    prepare: makeOAuthPool,
    run: ({ web, own }) => getPage(web, own),
  },
].map((operation) => ({ connections: 16, peer: false, ...operation }))
