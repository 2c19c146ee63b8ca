// Where the functions of Lambda triggers are, and the keys that calls of them need (docs/triggers.md).
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { SettingsReader } from '../settings-reader.ts'
import { readPlaces, type TriggerPlaces } from '../trigger-places.ts'
import { parseMasterKey } from './keys.ts'

export interface TriggerConfig {
  readonly triggerPlaces: TriggerPlaces
  /** Signs calls of Lambda APIs; undefined: they are not signed. */
  readonly lambdaCredentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
  /** 32 bytes; undefined where no custom sender can be served. */
  readonly customSenderKey: Uint8Array | undefined
}

const AMAZON = /\.amazonaws\.com(?:\.cn)?$/

export function readTriggers(read: SettingsReader): TriggerConfig {
  const credentials = read.together('LAMBDA_ACCESS_KEY_ID', 'LAMBDA_SECRET_ACCESS_KEY')
  const endpoint = read.url('LAMBDA_ENDPOINT', ['http:', 'https:'])
  const places = readFile(read, read.text('TRIGGER_WEBHOOK_KEY'))
  const triggerPlaces: TriggerPlaces =
    endpoint === undefined ? places : [...places, ['*', { way: 'lambda', endpoint, functionName: undefined }]]
  for (const [pattern, place] of triggerPlaces)
    if (place.way === 'lambda' && AMAZON.test(new URL(place.endpoint).hostname) && credentials === undefined)
      read.report(
        `${pattern === '*' ? 'LAMBDA_ENDPOINT' : `${pattern} in TRIGGERS_FILE`} is AWS, so LAMBDA_ACCESS_KEY_ID and LAMBDA_SECRET_ACCESS_KEY must be set.`,
      )
  return {
    triggerPlaces,
    lambdaCredentials: credentials && { accessKeyId: credentials[0], secretAccessKey: credentials[1] },
    customSenderKey: readSenderKey(read),
  }
}

function readFile(read: SettingsReader, webhookKey: string | undefined): TriggerPlaces {
  const file = read.text('TRIGGERS_FILE')
  if (webhookKey !== undefined && webhookKey.length < 32)
    read.report('TRIGGER_WEBHOOK_KEY must have at least 32 characters; make one with: openssl rand -base64 32')
  if (file === undefined) return []
  try {
    const folder = dirname(resolve(file))
    return readPlaces(readFileSync(file, 'utf8'), { webhookKey, pathOf: (path) => resolve(folder, path) })
  } catch (error) {
    read.report(`TRIGGERS_FILE names ${file}, which cannot be used: ${(error as Error).message}`)
    return []
  }
}

function readSenderKey(read: SettingsReader): Uint8Array | undefined {
  const text = read.text('CUSTOM_SENDER_KEY')
  const key = text === undefined ? undefined : parseMasterKey(text)
  if (text !== undefined && key === undefined)
    read.report('CUSTOM_SENDER_KEY must be 32 bytes in base64 or hex; make one with: openssl rand -base64 32')
  return key
}
