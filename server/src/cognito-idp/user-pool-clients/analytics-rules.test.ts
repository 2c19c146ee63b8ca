import { expect, it } from 'vitest'
import { analyticsRefusal } from './analytics-rules.ts'

const byId = { ApplicationId: 'ab', RoleArn: 'arn', ExternalId: 'x' }

it.each([[undefined], [{ ApplicationArn: 'arn', UserDataShared: true }], [byId]])('%j names a project', (given) => {
  expect(analyticsRefusal(given)).toBeUndefined()
})

it.each([[{}], [{ ...byId, ApplicationArn: 'arn' }], [{ ...byId, RoleArn: undefined }], [{ ApplicationId: 'ab' }]])(
  '%j names none',
  (given) => {
    expect(analyticsRefusal(given)).toEqual({
      refused: 'InvalidParameterException',
      message:
        'Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid',
    })
  },
)
