import type { Limits } from '../limit.ts'

export const limits = {
  // They travel in every session of a guest.
  guestActions: { max: 20, bounds: 'actions that GUEST_ACTIONS names' },
  moduleMemory: { max: 4096, bounds: 'MiB of memory that a module of TRIGGERS_FILE may be given' },
} as const satisfies Limits
