// The text printed when the server has started: its URL, the administrator's key, warnings, and commands for a first
// pool. Not here: reading the configuration and generating the secrets (config/).
import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import type { Config } from './config/config.ts'
import type { Secrets } from './config/secrets.ts'
import { regionPrefix } from './http/request-region-rules.ts'
import { localTlsFolder, type RunningServer } from './server.ts'

interface Start {
  server: RunningServer
  config: Config
  secrets: Secrets
  version: string
}

export function startText({ server, config, secrets, version }: Start): string {
  const lines = [`Cognomen ${version} is ready at ${server.url}`, '']
  const store =
    config.database.engine === 'postgres'
      ? 'PostgreSQL'
      : config.database.path === ':memory:'
        ? 'in memory, gone at the stop'
        : resolve(config.database.path)
  lines.push(`  Database             ${store}`)
  const key = keyVariables(config, secrets)
  lines.push(`  Administrator's key  ${key.about}`)
  lines.push(`  Messages             ${messages(server, config)}`)
  for (const region of config.regions.filter((one) => one !== config.region))
    lines.push(`  Also                 ${region} at ${server.url}${regionPrefix(region)}`)
  if (WILDCARDS.has(config.host) && config.publicUrl === undefined)
    lines.push(
      '',
      `  It listens on every address of this machine. Set PUBLIC_URL to the one that clients use, such as`,
      `  ${otherAddress(server.url)}: until then tokens name ${server.url} as their issuer.`,
    )
  if (!config.production && !(isLoopback(config.host) && isLoopback(hostOf(config.publicUrl ?? server.url))))
    lines.push(
      '',
      '  Others may reach this server, which is for development: NODE_ENV is not production. Messages stay in the outbox',
      `  unless they are sent, and ${config.outboxCallers ? 'whoever OUTBOX_CALLERS names' : 'this machine'} can read every code there. Set NODE_ENV=production.`,
    )
  if (config.publicUrl?.startsWith('https:') && config.trustedProxies.empty)
    lines.push(
      '',
      '  PUBLIC_URL is https, so a proxy is in front. Name it in TRUSTED_PROXIES: all its clients count as one address now.',
    )
  if (config.tls === 'local') {
    const authority = authorityFile(config)
    lines.push(
      '',
      `  TLS has a certificate of an authority made here. Make programs trust it (its key, beside it, must stay on this machine):`,
      `    Node.js     NODE_EXTRA_CA_CERTS=${shellWord(authority)}`,
      `    AWS CLI     AWS_CA_BUNDLE=${shellWord(authority)}`,
      `    Debian      sudo cp ${shellWord(authority)} /usr/local/share/ca-certificates/cognomen.crt && sudo update-ca-certificates`,
      `    macOS       sudo security add-trusted-cert -d -k /Library/Keychains/System.keychain ${shellWord(authority)}`,
      '    Browsers    import it as an authority in their settings of certificates',
    )
  }
  const masterKeyMade = secrets.made.find((file) => file.endsWith('master-key'))
  if (masterKeyMade)
    lines.push(
      '',
      `  Keep a copy of ${resolve(masterKeyMade)} in a safe place: without it the passwords in the database are lost.`,
    )
  if (config.devCode !== undefined)
    lines.push('', `  COGNOMEN_DEV_CODE is set: every code is ${config.devCode}. For development only.`)
  if (!config.production)
    lines.push(
      '',
      '  A first pool with the AWS CLI:',
      '',
      ...firstPool(server, config, key.variables).map((line) => `    ${line}`),
    )
  return `${lines.join('\n')}\n\n`
}

/** What happens to e-mail; of SMS the log says when a pool needs it. */
function messages(server: RunningServer, config: Config): string {
  if (config.smtpUrl) return 'sent by e-mail'
  return config.production
    ? 'e-mail is not sent: set SMTP_URL, or sign-ups at pools that verify e-mail are refused'
    : `${server.url}/outbox (not sent: set SMTP_URL to send them)`
}

const authorityFile = (config: Config): string => resolve(localTlsFolder(config), 'authority.pem')

const WILDCARDS = new Set(['0.0.0.0', '::'])

const isLoopback = (host: string): boolean => /^(127\.|\[?::1\]?$|(.+\.)?localhost$)/i.test(host)

const hostOf = (url: string): string => new URL(url).hostname

/** The URL with an address of this machine on a network, if it has one. */
function otherAddress(url: string): string {
  const addresses = Object.values(networkInterfaces()).flat()
  const found = addresses.find((address) => address?.family === 'IPv4' && !address.internal)
  return `http://${found?.address ?? 'this-machine.example'}:${new URL(url).port}`
}

/** Where the administrator's key is, and the environment variables that make the AWS CLI and SDKs use it. */
function keyVariables(config: Config, secrets: Secrets): { about: string; variables: string } {
  const { credentialsFile, administrator } = secrets
  if (credentialsFile !== undefined) {
    const file = resolve(credentialsFile)
    return { about: file, variables: `AWS_SHARED_CREDENTIALS_FILE=${shellWord(file)}` }
  }
  if (config.administrator !== undefined)
    return {
      about: 'as set in COGNOMEN_ACCESS_KEY_ID',
      variables: 'AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…',
    }
  // With a database in memory the key is not written to a file and is valid for this run only.
  return {
    about: 'made for this run, see below',
    variables: `AWS_ACCESS_KEY_ID=${administrator.accessKeyId} AWS_SECRET_ACCESS_KEY=${shellWord(administrator.secretAccessKey)}`,
  }
}

const shellWord = (text: string): string => (/^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

// Lines for every AWS CLI: version 1 reads AWS_DEFAULT_REGION alone, and versions of 2023 and before do not know
// AWS_ENDPOINT_URL, so the address is an option, too. `conformance/aws-cli.test.ts` runs them.
function firstPool(server: RunningServer, config: Config, keyVariables: string): string[] {
  const trust = config.tls === 'local' ? `AWS_CA_BUNDLE=${shellWord(authorityFile(config))} ` : ''
  const cli = 'aws --endpoint-url $AWS_ENDPOINT_URL cognito-idp'
  return [
    `export AWS_ENDPOINT_URL=${server.url} AWS_REGION=${server.region} AWS_DEFAULT_REGION=${server.region} ${trust}${keyVariables}`,
    `POOL=$(${cli} create-user-pool --pool-name first --auto-verified-attributes email --query UserPool.Id --output text)`,
    `${cli} create-user-pool-client --user-pool-id $POOL --client-name app --explicit-auth-flows ALLOW_USER_SRP_AUTH ALLOW_USER_PASSWORD_AUTH ALLOW_REFRESH_TOKEN_AUTH --query UserPoolClient.ClientId --output text`,
  ]
}
