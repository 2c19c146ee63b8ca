// Bad input to every operation of user pools, on PostgreSQL.
import { describeBadInputOnPostgres } from './bad-input-tests.ts'
import { userPools } from './services.ts'

describeBadInputOnPostgres(userPools)
