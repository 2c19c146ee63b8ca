// Hostile texts to every operation of identity pools, STS and IAM.
import { describe } from 'vitest'
import { describeHostileTexts } from './hostile-text-tests.ts'
import { iam, identityPools, sts } from './services.ts'

for (const service of [identityPools, sts, iam]) describe(service.name, () => describeHostileTexts(service))
