/** The queue of deleted identity pools whose rows are still being removed. */
export const IDENTITY_POOL_REMOVAL = 'identity-pool-removal'
