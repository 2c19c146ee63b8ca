// The text printed when the server has started: its URL, the administrator's key, warnings, and commands for a first
// pool. Not here: reading the configuration and generating the secrets (config/).
import { resolve } from 'node:path'
import type { Config } from './config/config.ts'
import type { Secrets } from './config/secrets.ts'
import type { RunningServer } from './server.ts'

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
        : config.database.path
  lines.push(`  Database             ${store}`)
  const key = keyVariables(config, secrets)
  lines.push(`  Administrator's key  ${key.about}`)
  if (!config.production)
    lines.push(
      `  Messages             ${config.smtpUrl ? 'sent by e-mail' : `${server.url}/outbox (not sent: set SMTP_URL to send them)`}`,
    )
  if (!config.production && !isLoopback(config.host))
    lines.push(
      '',
      `  Whoever reaches ${config.host} can read the codes at /outbox. Set NODE_ENV=production to turn it off.`,
    )
  if (config.publicUrl?.startsWith('https:') && config.trustedProxies.empty)
    lines.push(
      '',
      '  PUBLIC_URL is https, so a proxy is in front. Name it in TRUSTED_PROXIES: all its clients count as one address now.',
    )
  const masterKeyMade = secrets.made.find((file) => file.endsWith('master-key'))
  if (masterKeyMade)
    lines.push(
      '',
      `  Keep a copy of ${masterKeyMade} in a safe place: without it the passwords in the database are lost.`,
    )
  if (config.devCode !== undefined)
    lines.push('', `  COGNOMEN_DEV_CODE is set: every code is ${config.devCode}. For development only.`)
  if (!config.production)
    lines.push(
      '',
      '  A first pool with the AWS CLI:',
      '',
      ...firstPool(server, key.variables).map((line) => `    ${line}`),
    )
  return `${lines.join('\n')}\n\n`
}

const isLoopback = (host: string): boolean => /^(127\.|::1$|localhost$)/.test(host)

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

function firstPool(server: RunningServer, keyVariables: string): string[] {
  const cli = 'aws cognito-idp'
  return [
    `export AWS_ENDPOINT_URL=${server.url} AWS_REGION=${server.region} ${keyVariables}`,
    `POOL=$(${cli} create-user-pool --pool-name first --auto-verified-attributes email --query UserPool.Id --output text)`,
    `${cli} create-user-pool-client --user-pool-id $POOL --client-name app --explicit-auth-flows ALLOW_USER_SRP_AUTH ALLOW_USER_PASSWORD_AUTH ALLOW_REFRESH_TOKEN_AUTH`,
  ]
}
