// A client of an external STS (AWS's, MinIO's, Ceph's) that the operator configures: identity pools exchange their
// tokens there and pass its credentials on, which are valid at the services behind that STS. docs/external-sts.md.
import type { ExternalSts } from './effects.ts'
import { limits } from './limits.ts'
import { NoAnswer, operatorPost } from './operator-post.ts'

/** `closed` aborts the requests in flight. */
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
        ...Object.fromEntries(policyArns.map((arn, index) => [`PolicyArns.member.${index + 1}.arn`, arn])),
      })
      const answer = await post(url, form.toString(), closed)
      if ('failed' in answer) return { refused: 'unreachable', detail: answer.failed }
      const { status, text } = answer
      if (status === 200) return credentialsIn(text) ?? { refused: 'unreachable', detail: 'it answers no credentials' }
      // Only status and code: the message of the external STS may quote claims of the token.
      const detail = `${status} ${element(text, 'Code') ?? ''}`.trim()
      return { refused: status >= 500 || status === 429 ? 'unreachable' : 'refused', detail }
    },
  }
}

const HEADERS = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', accept: 'text/xml' }

async function post(
  url: string,
  body: string,
  closed: AbortSignal | undefined,
): Promise<{ status: number; text: string } | { failed: string }> {
  try {
    return await operatorPost(url, HEADERS, body, { maxAnswer: limits.stsAnswer.max, closed })
  } catch (error) {
    if (error instanceof NoAnswer) return { failed: error.reason }
    throw error
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

/**
 * The text of the first element of a name. A regular expression is enough: the operator trusts the server that answers.
 */
function element(text: string, name: string): string | undefined {
  const content = new RegExp(`<${name}>([^<]{0,16384})</${name}>`).exec(text)?.[1]
  return content?.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, entity) =>
    entity !== undefined
      ? (ENTITIES[entity] ?? whole)
      : String.fromCodePoint(Math.min(Number.parseInt(decimal ?? hex, hex === undefined ? 10 : 16), 0x10ffff)),
  )
}
