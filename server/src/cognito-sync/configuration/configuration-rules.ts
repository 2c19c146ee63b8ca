// What may be set for pushes and streams of an identity pool (docs/reference/identity-pools-sts-iam-sync.md 21). Pure.
import type { CognitoStreams, PushSync } from '../../contract/cognito-sync.types.ts'
import { firstRefusal, invalid, type Refusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'

/** `knows`: whether STREAMS_FILE has a place for the records of a stream. */
export const configurationRefusal = (
  { PushSync: push, CognitoStreams: streams }: { PushSync?: PushSync; CognitoStreams?: CognitoStreams },
  knows: (stream: string) => boolean,
): Refusal | undefined =>
  firstRefusal([() => push && pushRefusal(push), () => streams && streamsRefusal(streams, knows)])

function pushRefusal({ ApplicationArns = [], RoleArn }: PushSync): Refusal | undefined {
  if (ApplicationArns.length > limits.applications.max)
    return invalid(`PushSync names more than ${limits.applications.max} applications.`)
  return ApplicationArns.length > 0 && RoleArn === undefined
    ? invalid('PushSync with ApplicationArns needs a RoleArn.')
    : undefined
}

function streamsRefusal(
  { StreamName, RoleArn, StreamingStatus }: CognitoStreams,
  knows: (stream: string) => boolean,
): Refusal | undefined {
  if (StreamingStatus !== 'ENABLED') return undefined
  if (StreamName === undefined || RoleArn === undefined)
    return invalid('CognitoStreams can be enabled with a StreamName and a RoleArn only.')
  return knows(StreamName)
    ? undefined
    : invalid(`Stream '${StreamName}' cannot be enabled: STREAMS_FILE does not say where its records go.`)
}

/** As stored and answered: a stream of which nothing is said is not enabled. */
export const normalStreams = (streams: CognitoStreams): CognitoStreams => ({ StreamingStatus: 'DISABLED', ...streams })

/** The application of a platform: `arn:aws:sns:REGION:ACCOUNT:app/PLATFORM/NAME`. */
export const applicationOf = ({ ApplicationArns = [] }: PushSync, platform: string): string | undefined =>
  ApplicationArns.find((arn) => arn.split(':')[5]?.split('/')[1] === platform)
