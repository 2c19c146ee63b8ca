/** The queue of deleted user pools whose rows are still being removed. */
export const USER_POOL_REMOVAL = 'user-pool-removal'
