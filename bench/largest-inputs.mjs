// How long the largest inputs that an operation takes hold the event loop: `node bench/largest-inputs.mjs` after `npm run
// build`. Every operation that is here is called with inputs made from its contract (largest/from-contract.mjs) and with those
// made by hand (largest/by-hand.mjs); each is sent once, after a small call that warms the operation up. Measured is the CPU
// time of the server's main thread, so that other load on the machine does not count. Writes docs/largest-inputs.md.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiClient } from './api-client.mjs'
import { inputsByHand } from './largest/by-hand.mjs'
import { largestInput } from './largest/from-contract.mjs'
import { freePort, root } from './machine.mjs'
import { createSigner } from './sigv4.mjs'

const MAX_BYTES = 1024 * 1024
/** An operation is worth a line of its own from here on. */
const SHOWN_MS = 5
const GIVE_UP_MS = 20_000

const { services } = await import(join(root, 'server/dist/api/services.js'))
const credentials = { accessKeyId: 'AKIALARGESTLARGEST00', secretAccessKey: 'a-secret-key-for-this-run-only' }
const region = 'us-east-1'
const folder = mkdtempSync(join(tmpdir(), 'cognomen-largest-'))
const port = await freePort()
const url = `http://127.0.0.1:${port}`
const child = spawn(process.execPath, [join(root, 'server/bin/cognomen.js')], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    PATH: process.env.PATH,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: folder,
    LOG_LEVEL: 'error',
    AWS_REGION: region,
    COGNOMEN_ACCESS_KEY_ID: credentials.accessKeyId,
    COGNOMEN_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    PUBLIC_CALLS_PER_MINUTE: '1000000',
  },
})
const stop = () => {
  child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}
process.on('exit', stop)
process.on('SIGTERM', () => process.exit(1))
process.on('SIGINT', () => process.exit(1))
while (!(await fetch(`${url}/health/ready`).catch(() => undefined))?.ok)
  await new Promise((resolve) => setTimeout(resolve, 50))

/** Milliseconds that the main thread was on a core. */
const mainThreadMs = () =>
  Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6

const form = (value, prefix = '', fields = []) => {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) form(item, `${prefix}.member.${index + 1}`, fields)
  else if (typeof value === 'object' && value !== null)
    for (const [name, item] of Object.entries(value)) form(item, prefix === '' ? name : `${prefix}.${name}`, fields)
  else fields.push([prefix, String(value)])
  return fields
}

/** Encodes an input and sends it signed; answers the status, the error and the time. */
function protocolOf({ model }, name) {
  const isQuery = model.protocol === 'query'
  const encode = (input) =>
    isQuery
      ? new URLSearchParams([['Action', name], ['Version', model.apiVersion], ...form(input)]).toString()
      : JSON.stringify(input)
  const sign = createSigner({ ...credentials, region, service: model.signingName })
  const send = async (body) => {
    const headers = isQuery
      ? { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
      : { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${model.targetPrefix}.${name}` }
    const { host, ...signed } = sign({ host: new URL(url).host, ...headers }, body)
    const before = mainThreadMs()
    const response = await fetch(url, {
      method: 'POST',
      headers: signed,
      body,
      signal: AbortSignal.timeout(GIVE_UP_MS),
    })
    const text = await response.text()
    const error = /"__type":"([^"]+)"|<Code>([^<]+)/.exec(text)
    return {
      ms: mainThreadMs() - before,
      answer: error?.[1] ?? error?.[2] ?? String(response.status),
      bytes: text.length,
    }
  }
  return { encode, send }
}

const world = await makeWorld()
const rows = []
for (const service of services) {
  const names = (await service.load()).map(({ name }) => name)
  // What deletes goes last, or there would be nothing left to call the others with.
  names.sort((one, other) => /Delete/.test(one) - /Delete/.test(other) || (one < other ? -1 : 1))
  const byHand = inputsByHand(world)[service.model.service] ?? []
  for (const name of names) {
    const { encode, send } = protocolOf(service, name)
    await send(encode({}))
    const inputs = [
      ...byHand.filter(([operation]) => operation === name).map(([, what, input]) => [what, encode(input)]),
      ...['long', 'many'].map((kind) => [
        kind === 'long' ? 'long texts' : 'many entries',
        largestInput(service.model, name, { kind, known: world.known, encode, maxBytes: MAX_BYTES - 10_000 }),
      ]),
    ]
    for (const [what, body] of inputs) {
      if (body === undefined) continue
      const result = await send(body)
      rows.push({ service: service.model.service, name, what, sent: Buffer.byteLength(body), ...result })
    }
  }
}
rows.sort((one, other) => other.ms - one.ms)
for (const { service, name, what, ms, answer } of rows.slice(0, 25))
  console.log(`${ms.toFixed(1).padStart(8)} ms  ${service} ${name}: ${what} (${answer})`)
writeFileSync(join(root, 'docs/largest-inputs.md'), page())
stop()

/** What the inputs name: a user pool with a client and a user, an identity pool, a role, SAML providers. */
async function makeWorld() {
  const api = createApiClient({ url, region, credentials })
  const signed = { signed: true }
  const { UserPool } = await api.call(
    'CreateUserPool',
    {
      PoolName: 'largest',
      Schema: Array.from({ length: 25 }, (_, i) => ({
        Name: `a${i}`,
        AttributeDataType: 'String',
        Mutable: true,
        StringAttributeConstraints: {},
      })),
    },
    signed,
  )
  const { UserPoolClient } = await api.call(
    'CreateUserPoolClient',
    {
      UserPoolId: UserPool.Id,
      ClientName: 'c',
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    },
    signed,
  )
  await api.call('AdminCreateUser', { UserPoolId: UserPool.Id, Username: 'ada', MessageAction: 'SUPPRESS' }, signed)
  await api.call('CreateGroup', { UserPoolId: UserPool.Id, GroupName: 'g' }, signed)
  const identity = await api.call(
    'CreateIdentityPool',
    {
      IdentityPoolName: 'largest',
      AllowUnauthenticatedIdentities: true,
      SupportedLoginProviders: { 'graph.facebook.com': '1' },
    },
    { ...signed, service: 'cognito-identity' },
  )
  const trust = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
  }
  await api.query('iam', 'CreateRole', { RoleName: 'R', AssumeRolePolicyDocument: JSON.stringify(trust) }, signed)
  const certificate = await makeCertificate()
  const metadata = (more) =>
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.example.com"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.com/sso"/>${more}</md:IDPSSODescriptor></md:EntityDescriptor>`
  await api.query('iam', 'CreateSAMLProvider', { Name: 'Small', SAMLMetadataDocument: metadata('') }, signed)
  await api.query(
    'iam',
    'CreateSAMLProvider',
    {
      Name: 'Large',
      SAMLMetadataDocument: metadata(`<md:a>${'<md:b/>x'.repeat(19_000)}${'y'.repeat(400_000)}</md:a>`),
    },
    signed,
  )
  api.close()
  const account = UserPool.Arn.split(':')[4]
  const arn = (entity) => `arn:aws:iam::${account}:${entity}`
  return {
    userPoolId: UserPool.Id,
    clientId: UserPoolClient.ClientId,
    identityPoolId: identity.IdentityPoolId,
    roleName: 'R',
    roleArn: arn('role/R'),
    samlArn: arn('saml-provider/Small'),
    wideSamlArn: arn('saml-provider/Large'),
    known: {
      UserPoolId: UserPool.Id,
      ClientId: UserPoolClient.ClientId,
      Username: 'ada',
      GroupName: 'g',
      IdentityPoolId: identity.IdentityPoolId,
      RoleName: 'R',
      RoleArn: arn('role/R'),
      PolicyArn: 'arn:aws:iam::aws:policy/AmazonCognitoReadOnly',
      SAMLProviderArn: arn('saml-provider/Small'),
      PolicySourceArn: arn('role/R'),
      ResourceArn: UserPool.Arn,
      NextToken: undefined,
      Marker: undefined,
      PaginationToken: undefined,
      CallerArn: undefined,
    },
  }
}

/** A self-signed certificate, base64 of its DER: by openssl, as Node.js makes none. */
async function makeCertificate() {
  const { execFileSync } = await import('node:child_process')
  const pem = execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=x', '-days', '30'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  return pem.toString().replace(/-----[^-]+-----|\s/g, '')
}

function page() {
  const shown = rows.filter(({ ms }) => ms >= SHOWN_MS)
  const counted = new Set(rows.map(({ service, name }) => `${service} ${name}`)).size
  const number = (value) => value.toLocaleString('en-US')
  const lines = shown.map(
    ({ service, name, what, sent, ms, answer }) =>
      `| ${service} | ${name} | ${what} | ${number(Math.round(sent / 1024))} | ${ms.toFixed(0)} | ${answer} |`,
  )
  return `<!-- Written by bench/largest-inputs.mjs; do not edit. -->

# The largest inputs

What the largest inputs that pass the checks cost, so that no call holds up the others for long. Every one of the ${counted}
operations that are here was called with inputs as large as its contract and a body of 1 MB allow (long texts, many entries),
and with those that were made by hand to make its work large. Listed are calls that took ${SHOWN_MS} ms or more of the server's
main thread, from the body's first byte to the answer's last; a simulation yields to other requests after each of its
results, and metadata of a SAML provider are parsed at the first response only.
Node.js ${process.versions.node}, ${cpus()[0]?.model ?? 'an unknown processor'}, ${availableParallelism()} cores.

${number(rows.length)} calls; ${number(shown.length)} took ${SHOWN_MS} ms or more, none more than ${Math.ceil(rows[0].ms)} ms.

| service | operation | what is large | body, KB | ms | answer |
|---|---|---|---|---|---|
${lines.join('\n')}
`
}
