// Bad input to every operation of identity pools, STS and IAM, on PostgreSQL.
import { describe } from 'vitest'
import { describeBadInputOnPostgres } from './bad-input-tests.ts'
import { iam, identityPools, sts } from './services.ts'

for (const service of [identityPools, sts, iam]) describe(service.name, () => describeBadInputOnPostgres(service))
