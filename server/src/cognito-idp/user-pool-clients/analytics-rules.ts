// AnalyticsConfiguration names a project by ARN or by three members; what goes there is decided in analytics/
// (docs/reference/user-pools.md 6.3). Pure.
import type { AnalyticsConfigurationType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'

export function analyticsRefusal(given: AnalyticsConfigurationType | undefined): Refusal | undefined {
  if (!given) return undefined
  const byId = [given.ApplicationId, given.RoleArn, given.ExternalId]
  const complete =
    given.ApplicationArn === undefined ? !byId.includes(undefined) : byId.every((part) => part === undefined)
  return complete
    ? undefined
    : invalid(
        'Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid',
      )
}
