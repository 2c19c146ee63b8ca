// Bad input to every operation of identity pools, STS and IAM.
import { describe } from 'vitest'
import { describeBadInput } from './bad-input-tests.ts'
import { iam, identityPools, sts } from './services.ts'

for (const service of [identityPools, sts, iam]) describe(service.name, () => describeBadInput(service))
