// A real STS (AWS's, MinIO's, Ceph's) that the operator names: identity pools hand it their token and pass its
// credentials on, so that these open what it guards. docs/external-sts.md.
//
// The address is the operator's, like that of SMS_URL: it may be private, and redirects are not followed, as they would
// carry the token to somewhere else.
import type { ExternalSts } from './effects.ts'

const TIMEOUT_MS = 10_000
const LONGEST_ANSWER = 64 * 1024

/** `closed` ends the requests that are under way. */
export function externalSts(url: string, closed?: AbortSignal): ExternalSts {
  return {
    async assumeRoleWithWebIdentity({ roleArn, sessionName, durationSeconds, token, policy, policyArns = [] }) {
      const form = new URLSearchParams({
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        DurationSeconds: String(durationSeconds),
        WebIdentityToken: token,
        ...(policy !== undefined && { Policy: policy }),
        ...Object.fromEntries(policyArns.map((arn, place) => [`PolicyArns.member.${place + 1}.arn`, arn])),
      })
      const answer = await post(url, form.toString(), closed)
      if ('failed' in answer) return { refused: 'unreachable', detail: answer.failed }
      const { status, text } = answer
      if (status === 200) return credentialsIn(text) ?? { refused: 'unreachable', detail: 'it answers no credentials' }
      // What it says of the token is for the log: it may quote its claims.
      const detail = `${status} ${element(text, 'Code') ?? ''}`.trim()
      return { refused: status >= 500 || status === 429 ? 'unreachable' : 'refused', detail }
    },
  }
}

async function post(
  url: string,
  body: string,
  closed: AbortSignal | undefined,
): Promise<{ status: number; text: string } | { failed: string }> {
  const ending = new AbortController()
  const limit = setTimeout(() => ending.abort(), TIMEOUT_MS)
  const end = (): void => ending.abort()
  closed?.addEventListener('abort', end)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', accept: 'text/xml' },
      body,
      redirect: 'manual',
      signal: ending.signal,
    })
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength
      if (size > LONGEST_ANSWER) return { failed: 'its answer is too large' }
      chunks.push(chunk)
    }
    return { status: response.status, text: Buffer.concat(chunks).toString() }
  } catch (error) {
    const { code } = Object((error as Error).cause) as { code?: string }
    return { failed: code ?? (error as Error).name }
  } finally {
    clearTimeout(limit)
    closed?.removeEventListener('abort', end)
  }
}

function credentialsIn(text: string): Awaited<ReturnType<ExternalSts['assumeRoleWithWebIdentity']>> | undefined {
  const credentials = /<Credentials>[\s\S]*?<\/Credentials>/.exec(text)?.[0] ?? ''
  const [accessKeyId, secretAccessKey, sessionToken, expiration] = [
    'AccessKeyId',
    'SecretAccessKey',
    'SessionToken',
    'Expiration',
  ].map((name) => element(credentials, name))
  const expires = new Date(expiration ?? '')
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expires.getTime())) return undefined
  return { credentials: { accessKeyId, secretAccessKey, sessionToken, expiration: expires } }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The text of the first element of a name; the answer is of a server that the operator trusts, and holds no markup in it. */
function element(text: string, name: string): string | undefined {
  const content = new RegExp(`<${name}>([^<]{0,16384})</${name}>`).exec(text)?.[1]
  return content?.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, entity) =>
    entity !== undefined
      ? (ENTITIES[entity] ?? whole)
      : String.fromCodePoint(Math.min(Number.parseInt(decimal ?? hex, hex === undefined ? 10 : 16), 0x10ffff)),
  )
}
