// Calls of a server's user pools, signed with the administrator's key.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Environment, variables } from '../config/env.ts'
import { requestRegion } from '../http/request-region-rules.ts'
import { signRequest } from '../sigv4/sign.ts'

export type Json = Record<string, unknown>
/** Rejects with a CommandProblem. */
export type Call = (operation: string, input: Json) => Promise<Json>

/** A problem whose message is all that the user needs. `type`: the error of the API. */
export class CommandProblem extends Error {
  readonly type: string | undefined
  constructor(message: string, type?: string) {
    super(message)
    this.type = type
  }
}

export const PAUSE_MS = 500
export const TRIES = 8

/** Calls that would do something twice. */
const ONCE: readonly string[] = ['CreateUserImportJob', 'StartUserImportJob']

/**
 * `given`: the address of the server. Calls are for the region that it names (`/regions/REGION`), or else for AWS_REGION. What fails because
 * the server is away or busy is tried again for some seconds.
 */
export async function callerOf(env: NodeJS.ProcessEnv & Environment, given: string | undefined): Promise<Call> {
  const {
    HOST = variables.HOST.default,
    PORT = variables.PORT.default,
    AWS_REGION = variables.AWS_REGION.default,
  } = env
  const url = serverUrl(given ?? `http://${HOST}:${PORT}`)
  const { region = AWS_REGION, path } = requestRegion([], undefined, url.pathname)
  // A prefix that is not of a region belongs to a proxy, and the server does not see it.
  const rawPath = path === url.pathname ? '/' : url.pathname
  const credentials = await administratorOf(env)
  const send = (operation: string, body: string): Promise<Response | undefined> => {
    const headers = [
      ['host', url.host],
      ['content-type', 'application/x-amz-json-1.1'],
      ['x-amz-target', `AWSCognitoIdentityProviderService.${operation}`],
    ] as const
    const request = { method: 'POST', rawPath, rawQuery: '', headers, body }
    const signed = signRequest(request, credentials, { region, service: 'cognito-idp' }, Date.now())
    const init = { method: 'POST', body, headers: signed.map(([name, value]): [string, string] => [name, value]) }
    return fetch(url, init).catch(() => undefined)
  }
  let answered = false
  return async (operation, input) => {
    const body = JSON.stringify(input)
    for (let tries = 1; ; tries++) {
      const answer = await send(operation, body)
      const json = answer && ((await answer.json().catch(() => ({}))) as Json)
      if (json && answer.status === 200) {
        answered = true
        return json
      }
      const busy = json?.['__type'] === 'TooManyRequestsException'
      const away = answered && (answer === undefined || answer.status >= 500) && !ONCE.includes(operation)
      if ((busy || away) && tries < TRIES) await setTimeout(PAUSE_MS * tries)
      else if (!json) throw new CommandProblem(`No server answers at ${url.origin}. Name it with --url.`)
      else throw problemOf(operation, json)
    }
  }
}

function serverUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol)) return url
  throw new CommandProblem(`--url is '${text}' but must be the address of a server, such as http://127.0.0.1:9229.`)
}

/** The key is another server's more often than it is wrong. */
const WHOSE_KEY =
  'The key must be one of this server: set COGNOMEN_ACCESS_KEY_ID and COGNOMEN_SECRET_ACCESS_KEY, or its DATA_DIR.'

function problemOf(operation: string, { message, __type: type }: Json): CommandProblem {
  const advice = type === 'UnrecognizedClientException' ? `\n${WHOSE_KEY}` : ''
  return new CommandProblem(`${operation}: ${message ?? type}${advice}`, type === undefined ? undefined : String(type))
}

async function administratorOf(env: NodeJS.ProcessEnv): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const { COGNOMEN_ACCESS_KEY_ID: accessKeyId, COGNOMEN_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey }
  const file = join(env['DATA_DIR'] ?? variables.DATA_DIR.default, 'credentials')
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandProblem(
      `There is no key: set COGNOMEN_ACCESS_KEY_ID and COGNOMEN_SECRET_ACCESS_KEY, or DATA_DIR (${file}).`,
    )
  })
  const keyOf = (name: string): string => new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1] ?? ''
  return { accessKeyId: keyOf('aws_access_key_id'), secretAccessKey: keyOf('aws_secret_access_key') }
}
