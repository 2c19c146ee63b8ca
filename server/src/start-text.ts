// What a person sees when the server has started: where it is, where the key is, what to paste next.
import type { Config } from './config/config.ts'
import type { Secrets } from './config/secrets.ts'
import type { RunningServer } from './server.ts'

interface Start {
  server: RunningServer
  config: Config
  secrets: Secrets
  firstStart: boolean
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
  lines.push(`  Administrator's key  ${secrets.credentialsFile ?? 'as set in COGNOMEN_ACCESS_KEY_ID'}`)
  if (!config.production)
    lines.push(
      `  Messages             ${config.smtpUrl ? 'sent by e-mail' : `${server.url}/outbox (not sent: set SMTP_URL to send them)`}`,
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
    lines.push('', '  A first pool with the AWS CLI:', '', ...firstPool(server, secrets).map((line) => `    ${line}`))
  return `${lines.join('\n')}\n\n`
}

function firstPool(server: RunningServer, secrets: Secrets): string[] {
  const key = secrets.credentialsFile
    ? `AWS_SHARED_CREDENTIALS_FILE=${secrets.credentialsFile}`
    : 'AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…'
  const cli = 'aws cognito-idp'
  return [
    `export AWS_ENDPOINT_URL=${server.url} AWS_REGION=${server.region} ${key}`,
    `POOL=$(${cli} create-user-pool --pool-name first --auto-verified-attributes email --query UserPool.Id --output text)`,
    `${cli} create-user-pool-client --user-pool-id $POOL --client-name app --explicit-auth-flows ALLOW_USER_SRP_AUTH ALLOW_USER_PASSWORD_AUTH ALLOW_REFRESH_TOKEN_AUTH`,
  ]
}
