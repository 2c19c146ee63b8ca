import { operation } from '../operation.ts'
import { userPoolClientType } from './client-type.ts'
import { readClient } from './read-client.ts'

export const describeUserPoolClient = operation('DescribeUserPoolClient', async (context, { input }) => ({
  UserPoolClient: userPoolClientType(await readClient(context, input.UserPoolId, input.ClientId)),
}))
