// Writes databases in MaxMind's format (https://maxmind.github.io/MaxMind-DB/): a tree of IPv6 prefixes with records of 24
// bits, then the data, then the metadata. For tests; what it writes is read by the package that reads MaxMind's own.

type Value = string | number | readonly Value[] | { readonly [name: string]: Value }

/** A record of a city database; every member may be left out. */
export interface TestPlace {
  city?: string
  country?: [code: string, name: string]
  /** Latitude, longitude, and the accuracy radius in kilometres. */
  at?: [latitude: number, longitude: number, radius: number]
  /** A record of another form, in place of all that. */
  as?: { [name: string]: Value }
}

const recordOf = ({ city, country, at, as }: TestPlace): { [name: string]: Value } => ({
  ...(city !== undefined && { city: { names: { de: `${city} (deutsch)`, en: city } } }),
  ...(country && { country: { iso_code: country[0], names: { en: country[1] } } }),
  ...(at && { location: { latitude: at[0], longitude: at[1], accuracy_radius: at[2] } }),
  ...as,
})

/** A database from networks in CIDR notation, which must not overlap, to their records. */
export function mmdb(networks: Readonly<Record<string, TestPlace>>, type = 'GeoLite2-City'): Buffer {
  type Node = [left?: Node | number, right?: Node | number]
  const root: Node = []
  const data: Buffer[] = []
  let dataSize = 0
  for (const [network, place] of Object.entries(networks)) {
    const bits = bitsOf(network)
    let node = root
    for (const bit of bits.slice(0, -1)) {
      node[bit] ??= []
      node = node[bit] as Node
    }
    node[bits.at(-1) as 0 | 1] = dataSize
    const record = encode(recordOf(place))
    data.push(record)
    dataSize += record.length
  }
  const nodes: Node[] = []
  const number = new Map<Node, number>()
  for (const queue = [root]; queue.length > 0; ) {
    const node = queue.shift() as Node
    number.set(node, nodes.length)
    nodes.push(node)
    queue.push(...node.filter((side): side is Node => typeof side === 'object'))
  }
  const tree = Buffer.alloc(nodes.length * 6)
  for (const [n, node] of nodes.entries())
    for (const side of [0, 1] as const) {
      const to = node[side]
      const value =
        to === undefined ? nodes.length : typeof to === 'number' ? nodes.length + 16 + to : (number.get(to) as number)
      tree.writeUIntBE(value, n * 6 + side * 3, 3)
    }
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_767_225_600,
    database_type: type,
    description: { en: 'for tests' },
    ip_version: 6,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
  })
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'), metadata])
}

/** The bits of a prefix: those of an IPv4 network after 96 zeros, as the format has it. */
function bitsOf(network: string): (0 | 1)[] {
  const [address = '', length] = network.split('/')
  const isIPv4 = !address.includes(':')
  const [parts, width, base] = isIPv4 ? ([address.split('.'), 8, 10] as const) : ([wholeIPv6(address), 16, 16] as const)
  const text = parts.map((part) => Number.parseInt(part, base).toString(2).padStart(width, '0')).join('')
  return [...(isIPv4 ? '0'.repeat(96) : ''), ...text.slice(0, Number(length))].map((bit) => Number(bit) as 0 | 1)
}

function wholeIPv6(address: string): string[] {
  const [left = [], right = []] = address.split('::').map((side) => side.split(':').filter(Boolean))
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? integer(value) : double(value)
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)])
  const entries = Object.entries(value as { [name: string]: Value })
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([name, of]) => [encode(name), encode(of)])])
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return Buffer.concat([control(6, 4), bytes])
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return Buffer.concat([control(3, 8), bytes])
}

/** The control byte of a type and size; types above 7 are written in a second byte. */
function control(type: number, size: number): Buffer {
  if (size >= 285) throw new Error('The writer for tests knows no longer values.')
  const [short, more] = size < 29 ? [size, []] : [29, [size - 29]]
  return Buffer.from(type <= 7 ? [(type << 5) | short, ...more] : [short, type - 7, ...more])
}
