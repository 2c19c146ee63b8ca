// Hostile texts to every operation of user pools.
import { describeHostileTexts } from './hostile-text-tests.ts'
import { userPools } from './services.ts'

describeHostileTexts(userPools)
