import { expect, it } from 'vitest'
import { analyticsRefusal } from './analytics-rules.ts'

const byId = { ApplicationId: 'ab', RoleArn: 'arn', ExternalId: 'x' }

const ApplicationArn = `arn:aws:mobiletargeting:us-east-1:123456789012:apps/${'a'.repeat(32)}`

it.each([[undefined], [{ ApplicationArn, UserDataShared: true }], [byId]])('%j names a project', (given) => {
  expect(analyticsRefusal(given)).toBeUndefined()
})

it.each([[{}], [{ ...byId, ApplicationArn }], [{ ...byId, RoleArn: undefined }], [{ ApplicationId: 'ab' }]])(
  '%j names none',
  (given) => {
    expect(analyticsRefusal(given)).toEqual({
      refused: 'InvalidParameterException',
      message:
        'Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid',
    })
  },
)

it.each([
  ['arn:aws:logs:us-east-1:123456789012:log-group:apps/audit'],
  ['arn:aws:firehose:us-east-1:123456789012:deliverystream/audit'],
  ['arn:aws:mobiletargeting:us-east-1:123456789012:apps/a/../b'],
])('%s is the place of something else, to which analytics must not go', (other) => {
  expect(analyticsRefusal({ ApplicationArn: other })).toMatchObject({ refused: 'InvalidParameterException' })
})
