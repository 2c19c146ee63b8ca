// The operations of IAM that are implemented.
import type { AnyOperation } from '../operation.ts'

export const iamOperations: readonly AnyOperation[] = []
