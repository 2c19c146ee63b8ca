// Where Cognito Sync sends pushes to devices and the records of streams (docs/sync.md).
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Places } from '../places.ts'
import { type PushPlaces, readPushPlaces } from '../push-places.ts'
import type { SettingsReader } from '../settings-reader.ts'
import { readStreamPlaces, type StreamPlaces } from '../stream-places.ts'

export interface SyncDeliveryConfig {
  readonly pushPlaces: PushPlaces
  readonly streamPlaces: StreamPlaces
}

export function readSyncDelivery(read: SettingsReader, { region }: { region: string }): SyncDeliveryConfig {
  // A key that is too short is told of with the triggers.
  const webhookKey = read.text('TRIGGER_WEBHOOK_KEY')
  return {
    pushPlaces: readFile(read, 'PUSH_FILE', (text, pathOf) =>
      readPushPlaces(text, { webhookKey, read: (path) => readFileSync(pathOf(path), 'utf8') }),
    ),
    streamPlaces: readFile(read, 'STREAMS_FILE', (text, pathOf) =>
      readStreamPlaces(text, { webhookKey, pathOf, region }),
    ),
  }
}

function readFile<Place>(
  read: SettingsReader,
  setting: 'PUSH_FILE' | 'STREAMS_FILE',
  places: (text: string, pathOf: (path: string) => string) => Places<Place>,
): Places<Place> {
  const file = read.text(setting)
  if (file === undefined) return []
  try {
    const folder = dirname(resolve(file))
    return places(readFileSync(file, 'utf8'), (path) => resolve(folder, path))
  } catch (error) {
    read.report(`${setting} names ${file}, which cannot be used: ${(error as Error).message}`)
    return []
  }
}
