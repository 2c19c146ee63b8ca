// Bad input to every operation of user pools.
import { describeBadInput } from './bad-input-tests.ts'
import { userPools } from './services.ts'

describeBadInput(userPools)
