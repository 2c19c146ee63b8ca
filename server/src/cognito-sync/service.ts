// Cognito Sync as a service of the AWS API.
import { cognitoSyncModel } from '../contract/cognito-sync.model.ts'
import { regional, type Service } from '../service.ts'
import { differences } from './differences.ts'
import { identifyCognitoSync } from './identify.ts'
import { syncEntityTag } from './live/entity-tag-rules.ts'
import { cognitoSyncResource } from './resource.ts'

/** A whole dataset at once: a megabyte of keys and values, which JSON may write with escapes. */
const LARGE: ReadonlySet<string> = new Set(['UpdateRecords'])

export const cognitoSync: Service = {
  title: 'Cognito Sync (cognito-sync)',
  model: cognitoSyncModel,
  load: async () => (await import('./operations.ts')).cognitoSyncOperations,
  signing: regional(cognitoSyncModel),
  validationError: 'InvalidParameterException',
  identify: identifyCognitoSync,
  resource: cognitoSyncResource,
  isLarge: (operation) => LARGE.has(operation),
  differences,
  entityTag: syncEntityTag,
}
