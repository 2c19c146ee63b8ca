// The operations of identity pools that are implemented.
import type { AnyOperation } from '../operation.ts'

export const cognitoIdentityOperations: readonly AnyOperation[] = []
