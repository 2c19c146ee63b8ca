import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { registeredRefusal } from './client-secret-rules.ts'
import { clientSecretDescriptor } from './client-type.ts'
import { readClient } from './read-client.ts'

export const listUserPoolClientSecrets = operation('ListUserPoolClientSecrets', async (context, { input, fail }) => {
  // There are two secrets at most, so the server never returns a page token.
  if (input.NextToken !== undefined) throw fail('InvalidParameterException', 'Invalid pagination token')
  const client = await readClient(context, input.UserPoolId, input.ClientId)
  enforce(fail, registeredRefusal(client.settings))
  return { ClientSecrets: client.secrets.map(clientSecretDescriptor) }
})
