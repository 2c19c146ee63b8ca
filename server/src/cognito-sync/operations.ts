// The operations of Cognito Sync that are implemented.
import type { AnyOperation } from '../operation.ts'

export const cognitoSyncOperations: readonly AnyOperation[] = []
