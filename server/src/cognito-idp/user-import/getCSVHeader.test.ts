import { GetCSVHeaderCommand } from '@aws-sdk/client-cognito-identity-provider'
import { expect, it } from 'vitest'
import { makePool, useTestServer } from '../../../test/harness.ts'

const server = useTestServer()

it('names the columns of a file, in the order of the service', async () => {
  const { Id } = await makePool(server, {
    Schema: [
      { Name: 'team', AttributeDataType: 'String' },
      { Name: 'email', AttributeDataType: 'String', Required: true },
    ],
  })
  const answer = await server.admin.send(new GetCSVHeaderCommand({ UserPoolId: Id }))
  expect(answer.UserPoolId).toBe(Id)
  expect(answer.CSVHeader?.join(',')).toBe(
    'name,given_name,family_name,middle_name,nickname,preferred_username,profile,picture,website,email,email_verified,gender,birthdate,zoneinfo,locale,phone_number,phone_number_verified,address,updated_at,custom:team,cognito:mfa_enabled,cognito:username',
  )
})

it('refuses an unsigned call', async () => {
  const { json } = await server.raw('GetCSVHeader', { UserPoolId: 'us-east-1_x' })
  expect(json.__type).toBe('MissingAuthenticationTokenException')
})
