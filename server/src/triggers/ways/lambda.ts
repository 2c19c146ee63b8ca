// The Lambda Invoke API (2015-03-31): AWS's, LocalStack's, SAM local's, the runtime interface emulator's.
import type { LambdaPlace } from '../../config/trigger-places.ts'
import type { Clock, FunctionAnswer } from '../../effects/effects.ts'
import { signRequest } from '../../sigv4/sign.ts'
import type { FunctionCall } from '../ways.ts'
import { post, thrownText } from './post.ts'

export interface LambdaParts {
  readonly clock: Clock
  readonly lambdaCredentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
  readonly closed: AbortSignal
}

/** Calls a function by its name, at AWS by its ARN: there it also names the account. */
export async function invokeLambda(
  { clock, lambdaCredentials, closed }: LambdaParts,
  { endpoint, functionName }: LambdaPlace,
  { arn, event, awaited, maxAnswer }: FunctionCall,
): Promise<FunctionAnswer> {
  const { region, name, qualifier } = partsOf(arn)
  const base = new URL(endpoint)
  const atAws = /\.amazonaws\.com(?:\.cn)?$/.test(base.hostname)
  const called = functionName ?? (atAws ? arn : name)
  const path = `${base.pathname.replace(/\/$/, '')}/2015-03-31/functions/${encodeURIComponent(called)}/invocations`
  const query = functionName === undefined && !atAws && qualifier ? `Qualifier=${encodeURIComponent(qualifier)}` : ''
  const headers: [string, string][] = [
    ['host', base.host],
    ['content-type', 'application/json'],
    ['x-amz-invocation-type', awaited ? 'RequestResponse' : 'Event'],
  ]
  const signed = lambdaCredentials
    ? signRequest(
        { method: 'POST', rawPath: path, rawQuery: query, headers, body: event },
        lambdaCredentials,
        { region, service: 'lambda' },
        clock.now(),
      )
    : headers
  const sent = Object.fromEntries(signed.filter(([header]) => header !== 'host'))
  const url = `${base.origin}${path}${query === '' ? '' : `?${query}`}`
  const answer = await post(url, sent, event, closed, maxAnswer)
  if ('outcome' in answer) return answer
  const { status, text } = answer
  if (status >= 200 && status <= 299)
    return answer.headers['x-amz-function-error'] !== undefined
      ? { outcome: 'threw', message: thrownText(text) }
      : { outcome: 'answered', text }
  // Such as AccessDeniedException, TooManyRequestsException, ServiceException.
  const type = /^(\w{1,60})/.exec(String(answer.headers['x-amzn-errortype'] ?? ''))?.[1]
  return { outcome: 'failed', reason: type ?? `HTTP${status}`, status }
}

/** arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]; of anything else the last part is the name. */
function partsOf(arn: string): { region: string; name: string; qualifier: string | undefined } {
  const [, , , region = '', , , name, qualifier] = arn.split(':')
  return { region: region === '' ? 'us-east-1' : region, name: name ?? arn.split(':').at(-1) ?? arn, qualifier }
}
