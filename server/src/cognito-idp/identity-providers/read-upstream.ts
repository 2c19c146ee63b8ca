// Reads a document of an identity provider whose URL an administrator names, through the guarded web client.
import type { Context } from '../../context.ts'
import type { WebFailure } from '../../effects/effects.ts'

/** Words for an administrator, who need not be the one who runs the server; the log gets the details. */
const reasons: Readonly<Record<WebFailure['failed'], string>> = {
  'bad-url': 'it is no https URL',
  'forbidden-address': 'its host has no public address and is not among ALLOWED_PRIVATE_HOSTS',
  'no-answer': 'it does not answer',
  timeout: 'it does not answer in time',
  'too-large': 'its answer is too large',
  'bad-redirect': 'it redirects to where this server does not follow',
  busy: 'too many requests are on their way; try again',
}

export type UpstreamContext = Pick<Context, 'web' | 'log'>

/** The body of an answer with status 200, or why there is none; with `status` when there was another answer. */
export async function readUpstream(
  { web, log }: UpstreamContext,
  url: string,
  accept: string,
): Promise<Buffer | { reason: string; status?: number }> {
  const answer = await web.send({ url, headers: { accept } })
  if ('failed' in answer) {
    const { failed, detail } = answer
    // A query may have a secret in it.
    log.info(
      { host: URL.canParse(url) ? new URL(url).host : undefined, failed, detail },
      'a document of an identity provider could not be read',
    )
    return { reason: reasons[failed] }
  }
  return answer.status === 200
    ? answer.body
    : { reason: `it answers with status ${answer.status}`, status: answer.status }
}

/** A URL as texts repeat it. */
export const shownUrl = (url: string): string => (url.length > 300 ? `${url.slice(0, 300)}…` : url)
