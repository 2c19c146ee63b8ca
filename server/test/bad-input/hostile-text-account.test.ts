// Hostile texts to every operation of identity pools, Cognito Sync, STS and IAM.
import { describe } from 'vitest'
import { describeHostileTexts } from './hostile-text-tests.ts'
import { cognitoSync, iam, identityPools, sts } from './services.ts'

for (const service of [identityPools, cognitoSync, sts, iam])
  describe(service.name, () => describeHostileTexts(service))
