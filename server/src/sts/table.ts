// The operations of STS that are implemented.
import type { AnyOperation } from '../operation.ts'

export const stsOperations: readonly AnyOperation[] = []
