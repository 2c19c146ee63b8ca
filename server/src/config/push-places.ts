// Where pushes to devices go: the file that PUSH_FILE names, a JSON object from the ARN of a platform application that an
// identity pool names (PushSync.ApplicationArns), or a pattern of ARNs with `*`, to a place. docs/sync.md.
import { createPrivateKey } from 'node:crypto'
import {
  ARNS,
  isObject,
  isText,
  isUrl,
  type Places,
  type PlaceWays,
  readPlaceFile,
  type WebhookPlace,
  webhookWay,
} from './places.ts'

/** Apple's push service, with a token signing key of the developer account. */
export interface ApnsPlace {
  way: 'apns'
  /** PKCS #8, PEM. */
  key: string
  keyId: string
  teamId: string
  /** The bundle id of the app. */
  topic: string
  /** Undefined: Apple's, or its sandbox for applications of APNS_SANDBOX. */
  endpoint: string | undefined
}

/** Firebase Cloud Messaging, HTTP v1, as a service account. */
export interface FcmPlace {
  way: 'fcm'
  projectId: string
  clientEmail: string
  /** PKCS #8, PEM. */
  key: string
  tokenUri: string
  endpoint: string
}

/** Amazon Device Messaging. */
export interface AdmPlace {
  way: 'adm'
  clientId: string
  clientSecret: string
  tokenUri: string
  endpoint: string
}

/** Web Push (RFC 8030), with keys of the application server (RFC 8292). */
export interface WebPushPlace {
  way: 'webpush'
  /** Whom push services may write to: `mailto:…` or `https://…`. */
  contact: string
  /** base64url of an uncompressed point on P-256, as browsers take it (`applicationServerKey`). */
  publicKey: string
  /** base64url of 32 bytes. */
  privateKey: string
  /** Hosts of push services; one that begins with a dot stands for all below it, `*` for every host. */
  hosts: readonly string[]
}

/** The SNS API, AWS's or a stand-in's, where the platform application of the ARN is. */
export interface SnsPlace {
  way: 'sns'
  endpoint: string
  accessKeyId: string
  secretAccessKey: string
}

export type PushPlace = ApnsPlace | FcmPlace | AdmPlace | WebPushPlace | SnsPlace | WebhookPlace
export type PushPlaces = Places<PushPlace>

interface Given {
  /** TRIGGER_WEBHOOK_KEY. */
  webhookKey: string | undefined
  /** The text of a file that the file names; throws when it cannot be read. */
  read: (path: string) => string
}

const APNS_KEY = 'apns must be the path of a token signing key (.p8).'
const FCM_ACCOUNT = 'fcm must be the path of the JSON key of a service account.'

const ways: PlaceWays<PushPlace, Given> = {
  apns: {
    members: ['apns', 'keyId', 'teamId', 'topic', 'endpoint'],
    read: ({ apns, keyId, teamId, topic, endpoint }, { read }) => {
      const key = isText(apns) ? keyIn(() => read(apns), 'ec') : undefined
      if (key === undefined) return { problem: APNS_KEY }
      if (!isText(keyId) || !isText(teamId) || !isText(topic)) return { problem: 'apns needs keyId, teamId and topic.' }
      if (!isEndpoint(endpoint)) return { problem: ENDPOINT }
      return { way: 'apns', key, keyId, teamId, topic, endpoint }
    },
  },
  fcm: {
    members: ['fcm', 'endpoint'],
    read: ({ fcm, endpoint = 'https://fcm.googleapis.com' }, { read }) => {
      const account = isText(fcm) ? jsonIn(() => read(fcm)) : undefined
      if (!isObject(account)) return { problem: FCM_ACCOUNT }
      const { project_id: projectId, client_email: clientEmail, private_key: text, token_uri: tokenUri } = account
      const key = isText(text) ? keyIn(() => text, 'rsa') : undefined
      if (!isText(projectId) || !isText(clientEmail) || !isUrl(tokenUri) || key === undefined)
        return { problem: FCM_ACCOUNT }
      if (!isUrl(endpoint)) return { problem: ENDPOINT }
      return { way: 'fcm', projectId, clientEmail, key, tokenUri, endpoint }
    },
  },
  adm: {
    members: ['adm', 'clientSecret', 'endpoint', 'tokenEndpoint'],
    read: ({
      adm,
      clientSecret,
      endpoint = 'https://api.amazon.com',
      tokenEndpoint = 'https://api.amazon.com/auth/O2/token',
    }) => {
      if (!isText(adm) || !isText(clientSecret)) return { problem: 'adm must be a client id, with clientSecret.' }
      if (!isUrl(endpoint) || !isUrl(tokenEndpoint)) return { problem: ENDPOINT }
      return { way: 'adm', clientId: adm, clientSecret, tokenUri: tokenEndpoint, endpoint }
    },
  },
  webpush: {
    members: ['webpush', 'publicKey', 'privateKey', 'hosts'],
    read: ({ webpush, publicKey, privateKey, hosts = PUSH_SERVICES }) => {
      if (!isText(webpush) || !/^(mailto:|https:\/\/)/.test(webpush))
        return { problem: 'webpush must be the contact of the operator: mailto:… or https://….' }
      if (!isBytes(publicKey, 65) || !isBytes(privateKey, 32))
        return { problem: 'webpush needs publicKey and privateKey, as `npx web-push generate-vapid-keys` makes them.' }
      if (!Array.isArray(hosts) || !hosts.every(isHost)) return { problem: 'hosts must be a list of hosts.' }
      return { way: 'webpush', contact: webpush, publicKey, privateKey, hosts }
    },
  },
  sns: {
    members: ['sns', 'accessKeyId', 'secretAccessKey'],
    read: ({ sns, accessKeyId, secretAccessKey }) => {
      if (!isUrl(sns)) return { problem: 'sns must be the http or https URL of an SNS API.' }
      if (!isText(accessKeyId) || !isText(secretAccessKey))
        return { problem: 'sns needs accessKeyId and secretAccessKey.' }
      return { way: 'sns', endpoint: sns, accessKeyId, secretAccessKey }
    },
  },
  webhook: webhookWay,
}

/**
 * The push services of browsers. A client says where a subscription is: without such a list, whoever may register a device
 * could have this server send requests to any host.
 */
const PUSH_SERVICES: readonly string[] = [
  'fcm.googleapis.com',
  '.push.services.mozilla.com',
  '.push.apple.com',
  '.notify.windows.com',
]
const isHost = (value: unknown): value is string =>
  typeof value === 'string' && (value === '*' || /^\.?[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(value))

const ENDPOINT = 'endpoint must be an http or https URL.'
const isEndpoint = (value: unknown): value is string | undefined => value === undefined || isUrl(value)

/** The places in the text of a file. Throws Error with every problem. */
export const readPushPlaces = (text: string, given: Given): PushPlaces =>
  readPlaceFile(
    text,
    { ways, keys: ARNS, keyed: 'ARNs', none: 'one of apns, fcm, adm, webpush, sns and webhook' },
    given,
  )

/** The text of a private key of a type; undefined when it is none or cannot be read. */
function keyIn(read: () => string, type: 'ec' | 'rsa'): string | undefined {
  try {
    const text = read()
    return createPrivateKey(text).asymmetricKeyType === type ? text : undefined
  } catch {
    return undefined
  }
}

function jsonIn(read: () => string): unknown {
  try {
    return JSON.parse(read())
  } catch {
    return undefined
  }
}

const isBytes = (value: unknown, length: number): value is string =>
  isText(value) && /^[\w-]+$/.test(value) && Buffer.from(value, 'base64url').byteLength === length
