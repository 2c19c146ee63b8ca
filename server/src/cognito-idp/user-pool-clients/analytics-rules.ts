// AnalyticsConfiguration names a project by ARN or by three members; what goes there is decided in analytics/
// (docs/reference/user-pools.md 6.3). Pure. An ARN of anything else is refused: it could name the place of a pool's logs, to which
// whoever sets clients up may write nothing.
import type { AnalyticsConfigurationType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'

const PROJECT = /^arn:aws[\w-]*:mobiletargeting:[a-z0-9-]+:\d{12}:apps\/[\w-]{1,64}$/

export function analyticsRefusal(given: AnalyticsConfigurationType | undefined): Refusal | undefined {
  if (!given) return undefined
  const byId = [given.ApplicationId, given.RoleArn, given.ExternalId]
  const complete =
    given.ApplicationArn === undefined ? !byId.includes(undefined) : byId.every((part) => part === undefined)
  if (!complete)
    return invalid(
      'Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid',
    )
  return given.ApplicationArn === undefined || PROJECT.test(given.ApplicationArn)
    ? undefined
    : invalid('ApplicationArn of AnalyticsConfiguration must be the ARN of an analytics project.')
}
