// Cognito Sync as a service of the AWS API.
import { cognitoSyncModel } from '../contract/cognito-sync.model.ts'
import { identifySigner, regional, type Service } from '../service.ts'

export const cognitoSync: Service = {
  title: 'Cognito Sync (cognito-sync)',
  model: cognitoSyncModel,
  load: async () => (await import('./operations.ts')).cognitoSyncOperations,
  signing: regional(cognitoSyncModel),
  validationError: 'InvalidParameterException',
  identify: identifySigner,
  resource: () => ({ arn: '*' }),
}
