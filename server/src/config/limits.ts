import type { Limits } from '../limit.ts'

export const limits = {
  // They travel in every session of a guest.
  guestActions: { max: 20, bounds: 'actions that GUEST_ACTIONS names' },
} as const satisfies Limits
