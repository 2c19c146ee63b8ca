// The events of Cognito Sync that functions are called for (docs/reference/identity-pools-sts-iam-sync.md 21.3). Pure.
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'

/** The one event that there is. */
const SYNC_TRIGGER = 'SyncTrigger'
const FUNCTION_ARN = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]{1,140}(:[\w$-]{1,128})?$/

export function eventsRefusal(events: Readonly<Record<string, string>>): Refusal | undefined {
  for (const [event, arn] of Object.entries(events)) {
    if (event !== SYNC_TRIGGER) return invalid(`There is no event '${event.slice(0, 64)}'; there is ${SYNC_TRIGGER}.`)
    if (arn !== '' && (arn.length > limits.functionArn.max || !FUNCTION_ARN.test(arn)))
      return invalid('The value of an event must be the ARN of a Lambda function, or empty.')
  }
  return undefined
}
