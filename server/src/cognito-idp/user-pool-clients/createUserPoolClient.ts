import { operation } from '../operation.ts'
import { addClient } from './add-client.ts'
import { userPoolClientType } from './client-type.ts'
import { newClientSettings } from './new-client-settings.ts'

export const createUserPoolClient = operation('CreateUserPoolClient', async (context, { input, fail }) => {
  if (input.GenerateSecret && input.ClientSecret !== undefined)
    throw fail('InvalidParameterException', 'GenerateSecret and ClientSecret can not be used together.')
  const client = await addClient(context, {
    poolId: input.UserPoolId,
    settings: newClientSettings(input.ClientName, input),
    secret: input.GenerateSecret ? 'generated' : input.ClientSecret,
    fail,
  })
  return { UserPoolClient: userPoolClientType(client) }
})
