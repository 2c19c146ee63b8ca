// A call of an AWS API that speaks JSON (Kinesis, Firehose, CloudWatch Logs): AWS's, or a stand-in's such as LocalStack's.
import type { AwsPlace } from '../config/places.ts'
import type { Clock } from '../effects/effects.ts'
import { signedRequestHeaders } from '../sigv4/sign.ts'
import { isOk, membersOf, post } from './post.ts'
import { PutFailed } from './put-failed.ts'

export interface CallParts {
  readonly clock: Clock
  /** Aborts what is under way. */
  readonly closed: AbortSignal
}

interface Api {
  /** As the signature names it. */
  readonly service: string
  /** The name and version before the operation in X-Amz-Target. */
  readonly target: string
  /** As the log names it. */
  readonly name: string
}

/** The error of a call that AWS refused. */
export class AwsRefused extends PutFailed {
  /** The name of AWS's error, such as ResourceNotFoundException. */
  readonly code: string | undefined
  constructor(api: string, status: number, code: string | undefined) {
    super(`${api} ${status} ${code ?? ''}`.trim(), refusal(code))
    this.code = code
  }
}

/** Errors by which every record is refused: what the place names is gone, or this server may not write to it. */
const WRONG_PLACE: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'InvalidKMSResourceException',
  'KMSAccessDeniedException',
  'KMSDisabledException',
  'KMSNotFoundException',
  'KMSOptInRequired',
])
const WRONG_RECORD: ReadonlySet<string> = new Set([
  'ValidationException',
  'InvalidArgumentException',
  'InvalidParameterException',
  'SerializationException',
])

function refusal(code: string | undefined): PutFailed['refuses'] {
  if (code === undefined) return 'later'
  return WRONG_PLACE.has(code) ? 'place' : WRONG_RECORD.has(code) ? 'record' : 'later'
}

/** Calls an operation and gives its answer. Rejects with AwsRefused, or with PutFailed when there is no whole answer. */
export async function callAwsJson(
  { clock, closed }: CallParts,
  { service, target, name }: Api,
  { endpoint, region, accessKeyId, secretAccessKey }: AwsPlace,
  operation: string,
  input: object,
): Promise<Readonly<Record<string, unknown>>> {
  const url = new URL(endpoint)
  const body = JSON.stringify(input)
  const named = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${target}.${operation}` }
  const keys = { accessKeyId, secretAccessKey }
  const headers = signedRequestHeaders('POST', url, named, body, keys, { region, service }, clock.now())
  const { status, text } = await post(url.href, headers, body, closed)
  if (isOk(status)) return membersOf(text)
  throw new AwsRefused(name, status, /"__type"\s*:\s*"(?:[\w.]{1,100}#)?(\w{1,60})"/.exec(text)?.[1])
}
