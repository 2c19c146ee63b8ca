// Bad input to every operation of identity pools, Cognito Sync, STS and IAM.
import { describe } from 'vitest'
import { describeBadInput } from './bad-input-tests.ts'
import { cognitoSync, iam, identityPools, sts } from './services.ts'

for (const service of [identityPools, cognitoSync, sts, iam]) describe(service.name, () => describeBadInput(service))
