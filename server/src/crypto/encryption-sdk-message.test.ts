// Messages are opened by the AWS Encryption SDK's own client.
import { randomBytes } from 'node:crypto'
import {
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node'
import { expect, it } from 'vitest'
import { encryptionSdkMessage } from './encryption-sdk-message.ts'

const key = randomBytes(32)
const wrapping = { key, namespace: 'cognomen', name: 'arn:aws:kms:us-east-1:000000000000:key/1' }
const keyring = (unencryptedMasterKey: Uint8Array) =>
  new RawAesKeyringNode({
    keyNamespace: wrapping.namespace,
    keyName: wrapping.name,
    // The keyring takes a buffer of its own alone.
    unencryptedMasterKey: Uint8Array.from(unencryptedMasterKey),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  })
const { decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)

it.each(['123456', '', '&lt;P&auml;ßword &amp; more 😀', 'x'.repeat(4096)])('%j is opened', async (text) => {
  const context = { 'userpool-id': 'us-east-1_1', client: 'ü', another: 'z' }
  const opened = await decrypt(keyring(key), encryptionSdkMessage(text, wrapping, context, randomBytes))
  expect(opened.plaintext.toString('utf8')).toBe(text)
  expect(opened.messageHeader.encryptionContext).toEqual(context)
})

it('is opened without a context as well', async () => {
  const { plaintext } = await decrypt(keyring(key), encryptionSdkMessage('1', wrapping, {}, randomBytes))
  expect(plaintext.toString()).toBe('1')
})

it('is opened neither by another key nor with any byte changed', async () => {
  const message = encryptionSdkMessage('123456', wrapping, { a: 'b' }, randomBytes)
  await expect(decrypt(keyring(randomBytes(32)), message)).rejects.toThrow()
  for (let at = 0; at < message.byteLength; at += 7) {
    const changed = Buffer.from(message)
    changed[at] = (changed[at] as number) ^ 1
    await expect(decrypt(keyring(key), changed), `byte ${at}`).rejects.toThrow()
  }
})
