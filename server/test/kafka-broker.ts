// A broker of Kafka for tests: one node that has topics of one partition and speaks ApiVersions 3, Metadata 12 and Produce 11
// (https://kafka.apache.org/protocol), checksums included.

import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll } from 'vitest'

export interface KafkaMessage {
  topic: string
  key: string
  value: string
  headers: Record<string, string>
}

export interface KafkaBroker {
  /** `host:port`, known inside of tests and hooks. */
  readonly address: string
  readonly topics: Set<string>
  readonly messages: KafkaMessage[]
  /** The code by which it refuses what is produced, until the end of the test; 0: it takes it. */
  refusal: number
}

const [PRODUCE, METADATA, API_VERSIONS] = [0, 3, 18]
/** Versions that this broker speaks, by API. */
const VERSIONS = new Map([
  [PRODUCE, 11],
  [METADATA, 12],
  [API_VERSIONS, 3],
])
const UNKNOWN_TOPIC = 3

/** For all tests of a `describe`. */
export function useKafkaBroker(...topics: string[]): KafkaBroker {
  const sockets = new Set<Socket>()
  const portOf = (): number => (server.address() as AddressInfo | null)?.port ?? 0
  const broker: KafkaBroker = {
    get address() {
      return `127.0.0.1:${portOf()}`
    },
    topics: new Set(topics),
    messages: [],
    refusal: 0,
  }
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    let received = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const end = 4 + received.readInt32BE(0)
        socket.write(answer(broker, portOf(), new Reader(received.subarray(4, end))))
        received = received.subarray(end)
      }
    })
  })
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterEach(() => {
    broker.messages.length = 0
    broker.refusal = 0
  })
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return broker
}

/** The whole frame of the answer to a request. */
function answer(broker: KafkaBroker, port: number, request: Reader): Buffer {
  const [api, version, correlation] = [request.int16(), request.int16(), request.int32()]
  if (VERSIONS.get(api) !== version)
    throw new Error(`No client was told that the broker speaks API ${api}, ${version}.`)
  request.bytes(Math.max(0, request.int16()))
  request.tags()
  const response = new Writer().int32(correlation)
  if (api === API_VERSIONS) {
    response.int16(0).array([...VERSIONS], (w, [key, only]) => w.int16(key).int16(only).int16(only).tags())
    return response.int32(0).tags().frame()
  }
  response.tags()
  return (api === METADATA ? metadata(broker, port, request, response) : produce(broker, request, response)).frame()
}

function metadata(broker: KafkaBroker, port: number, request: Reader, response: Writer): Writer {
  const asked = request.array((r) => {
    r.bytes(16)
    const name = r.text()
    r.tags()
    return name
  })
  response.int32(0).array([0], (w) => w.int32(1).text('127.0.0.1').int32(port).text(null).tags())
  response.text('cluster').int32(1)
  response.array(asked, (w, name) => {
    const known = broker.topics.has(name)
    w.int16(known ? 0 : UNKNOWN_TOPIC)
      .text(name)
      .bytes(Buffer.alloc(16))
      .int8(0)
    w.array(known ? [0] : [], (p, index) => {
      p.int16(0).int32(index).int32(1).int32(0)
      for (const nodes of [[1], [1], []]) p.array(nodes, (n, node) => n.int32(node))
      p.tags()
    })
    w.int32(0).tags()
  })
  return response.tags()
}

function produce(broker: KafkaBroker, request: Reader, response: Writer): Writer {
  request.text()
  if (request.int16() !== -1) throw new Error('Records are to be acknowledged by all replicas.')
  request.int32()
  const produced = request.array((r) => {
    const topic = r.text()
    const partitions = r.array((p) => {
      const index = p.int32()
      const batch = p.bytes(p.varint() - 1)
      p.tags()
      if (broker.refusal === 0) broker.messages.push(...messagesIn(topic, batch))
      return index
    })
    r.tags()
    return { topic, partitions }
  })
  response.array(produced, (w, { topic, partitions }) => {
    w.text(topic).array(partitions, (p, index) =>
      p
        .int32(index)
        .int16(broker.refusal)
        .int64(0n)
        .int64(-1n)
        .int64(0n)
        .array([], () => undefined)
        .text(null)
        .tags(),
    )
    w.tags()
  })
  return response.int32(0).tags()
}

/** The records of a batch of the format 2. */
function messagesIn(topic: string, batch: Buffer): KafkaMessage[] {
  const reader = new Reader(batch)
  reader.bytes(8)
  const length = reader.int32()
  reader.int32()
  if (length !== batch.length - 12 || reader.int8() !== 2) throw new Error('The batch has another format.')
  if (reader.int32() >>> 0 !== crc32c(batch.subarray(21))) throw new Error('The checksum of the batch is wrong.')
  reader.bytes(2 + 4 + 8 + 8 + 8 + 2 + 4)
  return Array.from({ length: reader.int32() }, () => {
    reader.zigzag()
    reader.int8()
    reader.zigzag()
    reader.zigzag()
    const field = () => reader.bytes(reader.zigzag()).toString()
    const [key, value] = [field(), field()]
    const headers = Object.fromEntries(Array.from({ length: reader.zigzag() }, () => [field(), field()]))
    return { topic, key, value, headers }
  })
}

/** CRC-32C (Castagnoli), as RFC 3720 B.4 has it. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

class Reader {
  readonly #bytes: Buffer
  #at = 0
  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }
  bytes(count: number): Buffer {
    const part = this.#bytes.subarray(this.#at, this.#at + count)
    if (part.length !== count) throw new Error('A request ends too early.')
    this.#at += count
    return part
  }
  int8 = () => this.bytes(1).readInt8()
  int16 = () => this.bytes(2).readInt16BE()
  int32 = () => this.bytes(4).readInt32BE()
  varint(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes(1).readUInt8()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
  zigzag(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
  text = (): string => this.bytes(Math.max(0, this.varint() - 1)).toString()
  array = <T>(read: (reader: Reader) => T): T[] =>
    Array.from({ length: Math.max(0, this.varint() - 1) }, () => read(this))
  tags(): void {
    if (this.varint() !== 0) throw new Error('No tagged fields are known.')
  }
}

class Writer {
  readonly #parts: Buffer[] = []
  bytes(part: Buffer): this {
    this.#parts.push(part)
    return this
  }
  #number(size: number, write: (buffer: Buffer) => void): this {
    const buffer = Buffer.alloc(size)
    write(buffer)
    return this.bytes(buffer)
  }
  int8 = (value: number) => this.#number(1, (buffer) => buffer.writeInt8(value))
  int16 = (value: number) => this.#number(2, (buffer) => buffer.writeInt16BE(value))
  int32 = (value: number) => this.#number(4, (buffer) => buffer.writeInt32BE(value))
  int64 = (value: bigint) => this.#number(8, (buffer) => buffer.writeBigInt64BE(value))
  varint(value: number): this {
    return value < 0x80 ? this.int8Unsigned(value) : this.int8Unsigned((value & 0x7f) | 0x80).varint(value >>> 7)
  }
  int8Unsigned = (value: number) => this.#number(1, (buffer) => buffer.writeUInt8(value))
  text(value: string | null): this {
    if (value === null) return this.varint(0)
    const bytes = Buffer.from(value)
    return this.varint(bytes.length + 1).bytes(bytes)
  }
  array<T>(items: readonly T[], write: (writer: Writer, item: T) => unknown): this {
    this.varint(items.length + 1)
    for (const item of items) write(this, item)
    return this
  }
  tags = (): this => this.varint(0)
  frame(): Buffer {
    const body = Buffer.concat(this.#parts)
    const size = Buffer.alloc(4)
    size.writeInt32BE(body.length)
    return Buffer.concat([size, body])
  }
}
