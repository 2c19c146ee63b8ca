// Cognito Sync, for operations.mjs: guests with credentials of their own, each with a dataset of 1,024 records. No peer has it.

/** More than there are connections at once: a push has its dataset to itself. */
const DEVICES = 100
const RECORDS = 1024
const encode = encodeURIComponent

async function makeDevices({ call, rest, identityPool }) {
  if (!identityPool) throw new Error('There are no identity pools.')
  const { IdentityPoolId } = identityPool
  const devices = []
  for (let i = 0; i < DEVICES; i++) devices.push(await makeDevice(call, rest, IdentityPoolId))
  return { devices, free: [...devices], waiting: [] }
}

async function makeDevice(call, rest, IdentityPoolId) {
  const service = 'cognito-identity'
  const { IdentityId } = await call('GetId', { IdentityPoolId }, { service })
  const { Credentials } = await call('GetCredentialsForIdentity', { IdentityId }, { service })
  const device = {
    path: `/identitypools/${encode(IdentityPoolId)}/identities/${encode(IdentityId)}/datasets/d`,
    signed: {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretKey,
      sessionToken: Credentials.SessionToken,
    },
    count: 0,
    at: 0,
    counts: Array(RECORDS).fill(0),
  }
  const { SyncSessionToken } = await rest('GET', `${device.path}/records`, { signed: device.signed })
  device.token = SyncSessionToken
  await push(rest, device, RECORDS)
  return device
}

/** Pushes the next `size` records of a device's dataset. */
async function push(rest, device, size) {
  const places = Array.from({ length: size }, (_, i) => (device.at + i) % RECORDS)
  const RecordPatches = places.map((place) => ({
    Op: 'replace',
    Key: `setting.${place}`,
    Value: `the value of a setting, which is as long as most are, number ${device.count}`,
    SyncCount: device.counts[place],
    DeviceLastModifiedDate: 1_790_000_000.123,
  }))
  const input = { SyncSessionToken: device.token, DeviceId: 'phone', RecordPatches }
  const { Records } = await rest('POST', device.path, { input, signed: device.signed })
  device.count++
  if (Records.length !== size || Records.some(({ SyncCount }) => SyncCount !== device.count))
    throw new Error(`not pushed as ${device.count}: ${JSON.stringify(Records).slice(0, 200)}`)
  for (const place of places) device.counts[place] = device.count
  device.at = (device.at + size) % RECORDS
}

/** Pushes by a device that nobody else pushes by, when there is one. */
async function pushWithFree({ rest, own: { free, waiting } }, size) {
  const device = free.shift() ?? (await new Promise((resolve) => waiting.push(resolve)))
  try {
    await push(rest, device, size)
  } finally {
    const next = waiting.shift()
    if (next) next(device)
    else free.push(device)
  }
}

async function pull({ rest, own }, i, since, expected) {
  const device = own.devices[i % own.devices.length]
  const query = `lastSyncCount=${since(device)}&maxResults=${RECORDS}`
  const answer = await rest('GET', `${device.path}/records`, { query, signed: device.signed })
  if (answer.Count !== expected || answer.DatasetSyncCount !== device.count)
    throw new Error(`not ${expected} records: ${JSON.stringify(answer).slice(0, 200)}`)
}

const shared = { floor: {}, peer: false, prepare: makeDevices }

/** As `operations` of operations.mjs. */
export const syncOperations = [
  {
    ...shared,
    name: 'pull, nothing new',
    calls: 'ListRecords with the count of the dataset',
    connections: 32,
    run: (load, i) => pull(load, i, ({ count }) => count, 0),
  },
  {
    ...shared,
    name: 'pull of 1,024 records',
    calls: 'ListRecords with the count 0',
    connections: 8,
    run: (load, i) => pull(load, i, () => 0, RECORDS),
  },
  {
    ...shared,
    name: 'push of one record',
    calls: 'UpdateRecords with one patch',
    connections: 32,
    run: (load) => pushWithFree(load, 1),
  },
  {
    ...shared,
    name: 'push of 100 records',
    calls: 'UpdateRecords with 100 patches',
    connections: 8,
    run: (load) => pushWithFree(load, 100),
  },
]
