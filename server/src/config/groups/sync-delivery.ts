// Where Cognito Sync sends pushes to devices and the records of streams (docs/sync.md).
import { readFileSync } from 'node:fs'
import { type PushPlaces, readPushPlaces } from '../push-places.ts'
import type { SettingsReader } from '../settings-reader.ts'
import { readStreamPlaces, type StreamPlaces } from '../stream-places.ts'
import { readPlacesOf } from './place-file.ts'

export interface SyncDeliveryConfig {
  readonly pushPlaces: PushPlaces
  readonly streamPlaces: StreamPlaces
}

export function readSyncDelivery(read: SettingsReader, { region }: { region: string }): SyncDeliveryConfig {
  // A key that is too short is told of with the triggers.
  const webhookKey = read.text('TRIGGER_WEBHOOK_KEY')
  return {
    pushPlaces: readPlacesOf(read, 'PUSH_FILE', (text, pathOf) =>
      readPushPlaces(text, { webhookKey, read: (path) => readFileSync(pathOf(path), 'utf8') }),
    ),
    streamPlaces: readPlacesOf(read, 'STREAMS_FILE', (text, pathOf) =>
      readStreamPlaces(text, { webhookKey, pathOf, region }),
    ),
  }
}
