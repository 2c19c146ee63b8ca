// Bad input to every operation of identity pools, Cognito Sync, STS and IAM, on PostgreSQL.
import { describe } from 'vitest'
import { describeBadInputOnPostgres } from './bad-input-tests.ts'
import { cognitoSync, iam, identityPools, sts } from './services.ts'

for (const service of [identityPools, cognitoSync, sts, iam])
  describe(service.name, () => describeBadInputOnPostgres(service))
