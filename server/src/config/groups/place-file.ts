// Reads a file of places (places.ts) that a setting names.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Places } from '../places.ts'
import type { SettingsReader } from '../settings-reader.ts'

/**
 * The places in the file, none where the setting is not set. `pathOf` makes a path that the file names absolute: it is relative
 * to the file's folder. What is wrong with the file is reported.
 */
export function readPlacesOf<Place>(
  read: SettingsReader,
  setting: 'PUSH_FILE' | 'STREAMS_FILE' | 'SINKS_FILE',
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
