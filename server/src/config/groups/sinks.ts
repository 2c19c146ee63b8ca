// Where log records and analytics events go (docs/log-delivery.md).
import type { SettingsReader } from '../settings-reader.ts'
import { readSinkPlaces, type SinkPlaces } from '../sink-places.ts'
import { readPlacesOf } from './place-file.ts'

export interface SinkConfig {
  readonly sinkPlaces: SinkPlaces
}

export function readSinks(read: SettingsReader, { region }: { region: string }): SinkConfig {
  // A key that is too short is told of with the triggers.
  const webhookKey = read.text('TRIGGER_WEBHOOK_KEY')
  return {
    sinkPlaces: readPlacesOf(read, 'SINKS_FILE', (text, pathOf) =>
      readSinkPlaces(text, { webhookKey, pathOf, region }),
    ),
  }
}
