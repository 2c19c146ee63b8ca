/** The queue of deleted groups whose member rows are still being removed. */
export const GROUP_REMOVAL = 'group-removal'

/** Longer than any transaction that has read the group before its deletion and adds a member to it. */
export const GROUP_REMOVAL_DELAY_MS = 60_000
