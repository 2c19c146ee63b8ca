// Messages hold codes and addresses: at rest they are sealed, bound to their row.
import type { Sealer } from '../crypto/seal.ts'
import type { MessageRow } from './message-store.ts'
import type { OutgoingMessage } from './outbox.ts'

const PURPOSE = 'message'

export const sealMessage = (sealer: Sealer, id: string, message: OutgoingMessage): string =>
  sealer.sealJson(PURPOSE, message, id)

/** The message in a row; undefined when the master key does not open it. */
export const openMessage = (
  sealer: Sealer,
  row: Pick<MessageRow, 'id' | 'message_sealed'>,
): OutgoingMessage | undefined => sealer.openJson(PURPOSE, row.message_sealed, row.id) as OutgoingMessage | undefined
