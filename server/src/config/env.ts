// The names of every setting, in one table: what it is, its default, and whether it is a secret.
// docs/configuration.md is generated from it (scripts/docs.mjs); config.ts reads and checks the values.

export interface Variable {
  about: string
  default?: string
  secret?: true
}

/** Every environment variable that Cognomen reads. */
export const variables = {
  HOST: { about: 'Address to listen on.', default: '127.0.0.1' },
  PORT: { about: 'Port to listen on; 0 takes a free one.', default: '9229' },
  PUBLIC_URL: {
    about: 'The URL under which clients reach this server; the issuer of a pool is `PUBLIC_URL/<userPoolId>`.',
    default: 'http://HOST:PORT',
  },
  TLS_CERT_FILE: {
    about:
      'The certificate, with its chain, in PEM: with TLS_KEY_FILE the server speaks TLS on its port. Both files are read again when they change.',
  },
  TLS_KEY_FILE: { about: 'The private key of TLS_CERT_FILE, in PEM.' },
  TLS_LOCAL: {
    about:
      'For development: 1 speaks TLS with a certificate of an authority that is made in DATA_DIR/tls; the start says how to trust it.',
  },
  DOMAIN_SUFFIX: {
    about: 'Suffix of the hosts of user pool domains: `<prefix>.auth.<DOMAIN_SUFFIX>`.',
    default: 'localhost',
  },
  DATA_DIR: { about: 'Folder for the embedded database and the generated keys.', default: './data' },
  DATABASE_URL: {
    about: '`postgres://…` for a PostgreSQL server, `sqlite::memory:` for a database that is gone at the stop.',
    default: 'SQLite in DATA_DIR',
    secret: true,
  },
  DATABASE_CONNECTIONS: {
    about: 'Most connections of this process to PostgreSQL at once (docs/decisions/postgres-connections.md).',
    default: '8',
  },
  DATABASE_PREPARED_STATEMENTS: {
    about:
      '`false` behind a pooler that lends connections by the transaction and does not follow prepared statements, such as PgBouncer before 1.21.',
    default: 'true',
  },
  DATABASE_CONNECT_TIMEOUT_MS: {
    about: 'How long a request waits for a connection to PostgreSQL, in milliseconds.',
    default: '5000',
  },
  DATABASE_STATEMENT_TIMEOUT_MS: {
    about: 'How long PostgreSQL may work on one statement; beyond that it fails. 0 for what the server says.',
    default: '5000',
  },
  DATABASE_LOCK_TIMEOUT_MS: {
    about: 'How long a statement may wait for one lock. 0 for what the server says.',
    default: '3000',
  },
  DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: {
    about: 'How long a transaction may stay open while nothing is asked of it. 0 for what the server says.',
    default: '10000',
  },
  AWS_REGION: { about: 'The region in ids, and the one that signatures name.', default: 'us-east-1' },
  FURTHER_REGIONS: {
    about:
      'Further regions that signatures may name, separated by commas, for test suites and applications of several regions. A pool belongs to the region that its creation was signed for, and signed calls of others do not see it, unless a user pool has a replica there (docs/behaviour/replicas.md); its id has AWS_REGION all the same. IAM and STS are global.',
  },
  ACCOUNT_ID: { about: 'The 12-digit account number in ARNs.', default: '000000000000' },
  COGNOMEN_ACCESS_KEY_ID: {
    about: "The administrator's access key. Together with COGNOMEN_SECRET_ACCESS_KEY.",
    default: 'made at the first start, kept in DATA_DIR/credentials',
  },
  COGNOMEN_SECRET_ACCESS_KEY: {
    about: "The administrator's secret key.",
    default: 'made at the first start, kept in DATA_DIR/credentials',
    secret: true,
  },
  COGNOMEN_MASTER_KEY: {
    about: 'The key that seals secrets at rest: 32 bytes in base64 or hex. Losing it loses every password.',
    default: 'made at the first start, kept in DATA_DIR/master-key',
    secret: true,
  },
  COGNOMEN_MASTER_KEY_FILE: { about: 'A file that holds the master key, instead of COGNOMEN_MASTER_KEY.' },
  COGNOMEN_PREVIOUS_MASTER_KEYS: {
    about: 'Earlier master keys, separated by commas, that may still open what they sealed.',
    secret: true,
  },
  SIGNING_KEY_DAYS: { about: "Age at which a pool's signing keys are replaced; 0 never.", default: '365' },
  SMTP_URL: {
    about:
      '`smtp://user:password@host:587` or `smtps://…`; e-mail is sent through it. Options of nodemailer may follow, such as `?requireTLS=true`.',
    secret: true,
  },
  MAIL_FROM: {
    about: 'Sender of e-mail when the pool names none: an address, or `Name <address>`.',
    default: 'no-reply@verificationemail.com',
  },
  SMS_URL: {
    about: 'An HTTP endpoint that takes SMS as JSON `{to, text, userPoolId}` by POST.',
    secret: true,
  },
  SMS_AUTHORIZATION: { about: 'Value of the Authorization header sent to SMS_URL.', secret: true },
  SNS_ENDPOINT: { about: 'An SNS API endpoint; SMS is published through it instead of SMS_URL.' },
  SNS_REGION: { about: 'Region of the SNS endpoint.', default: 'AWS_REGION' },
  SNS_ACCESS_KEY_ID: { about: 'Access key for the SNS endpoint.' },
  SNS_SECRET_ACCESS_KEY: { about: 'Secret key for the SNS endpoint.', secret: true },
  SMS_COUNTRIES: {
    about:
      'The countries that SMS is sent to: ISO 3166 codes, separated by commas, such as `DE,AT,CH`. A message to another one: CodeDeliveryFailureException.',
    default: 'every country',
  },
  SMS_BUDGETS: {
    about:
      'Most SMS that strangers and users may cause: for each kind, separated by commas, an amount an hour and a day; 0 for no bound. Kinds that are not named keep their default. Kinds: `address` (of a client: IPv4, or /64), `network` (/48), and within a user pool `pool`, `country`, `prefix` (a number without its last four digits) and `destination`. docs/decisions/budgets.md',
    default:
      'address 60/hour 200/day, network 120/hour 400/day, pool 1000/hour 5000/day, country 800/hour 4000/day, prefix 20/hour 60/day, destination 6/hour 20/day',
  },
  EMAIL_BUDGETS: {
    about:
      'Most e-mail that strangers and users may cause, written like SMS_BUDGETS. Kinds: `address`, `network`, `pool`, `destination` (a mailbox, whatever follows a `+` in its name).',
    default:
      'address 200/hour 600/day, network 400/hour 1200/day, pool 10000/hour 50000/day, destination 20/hour 60/day',
  },
  CODE_TRY_BUDGETS: {
    about:
      'Most wrong tries at codes, written like SMS_BUDGETS. Kinds: `user`, `address`, `network`, `destination` (where the code went), `pool`. When that of a pool is spent, an address that has not been wrong on this day still has one try. The start warns when they allow more than one takeover a year.',
    default:
      'user 15/hour 30/day, address 60/hour 300/day, network 120/hour 600/day, destination 20/hour 50/day, pool 300/hour 1000/day',
  },
  MIGRATION_TRY_BUDGETS: {
    about:
      'Most questions to a UserMigration trigger that bring no user over, written like SMS_BUDGETS: each tries a name, and a password, at another directory. Kinds: `network` (/24, /48) and `pool`. When that of a pool is spent, a network without such a question on this day still has one. Raise them for as long as many users come over.',
    default: 'network 100/hour 200/day, pool 500/hour 2000/day',
  },
  LOG_LEVEL: {
    about: 'fatal, error, warn, info, debug, trace or silent. Lines are JSON, but in a terminal outside of production.',
    default: 'info',
  },
  NODE_ENV: {
    about:
      '`production`, `development` or `test`. `production` turns the outbox off and refuses generated keys beside a PostgreSQL database; the others are the same.',
    default: 'development',
  },
  OUTBOX_CALLERS: {
    about:
      'Addresses and CIDR ranges that may read the outbox of a development server, separated by commas: it has every code. Instead of this machine, and only as far as no proxy that TRUSTED_PROXIES does not name passes their requests on.',
    default: 'this machine, without a proxy between',
  },
  COGNOMEN_DEV_CODE: {
    about: 'Development only: every delivered code is this one (6 digits). Refused when NODE_ENV is production.',
  },
  MAX_CONNECTIONS: { about: 'Most connections of clients at once.', default: '10000' },
  MAX_CONNECTIONS_PER_ADDRESS: {
    about:
      'Most connections of one address at once (IPv6: of one /64), but of the proxies that TRUSTED_PROXIES names. For one too many of an address, or of all, the connection closes that has waited the longest for a whole request.',
    default: '5000',
  },
  MAX_STREAMS: {
    about:
      'Most event streams of Cognito Sync at once. They count against no limit of connections; of one address there are at most MAX_CONNECTIONS_PER_ADDRESS.',
    default: '10000',
  },
  TRUSTED_PROXIES: {
    about:
      "Addresses and CIDR ranges of the proxies in front, separated by commas. Behind one of them a client's address is read from X-Forwarded-For. Without it, all clients behind a proxy are one address.",
  },
  PUBLIC_CALLS_PER_MINUTE: {
    about:
      'Calls that one address may make each minute without valid credentials: public operations, and what is signed wrongly or has a bad token. A wrong password or code counts as 20. Beyond that: TooManyRequestsException. 0 for no limit.',
    default: '6000',
  },
  USER_CALLS_PER_SECOND: {
    about:
      'Reads that one user may make each second with access tokens, and as many writes, in all processes together. Beyond that: TooManyRequestsException. 0 for no limit; Cognito has 10. Limits of all users together are set by UpdateProvisionedLimit (docs/decisions/request-rates.md).',
    default: '0',
  },
  UNLIMITED_ADDRESSES: {
    about:
      'Addresses and CIDR ranges without the limit of PUBLIC_CALLS_PER_MINUTE, separated by commas, such as those of your own backends. The machine itself never has one.',
  },
  ALLOWED_PRIVATE_HOSTS: {
    about:
      'Identity providers on private networks: host names, addresses and CIDR ranges, separated by commas. The server fetches from public addresses only, and from these. A named host may not lead to a link-local address. In production, localhost counts as private, too. Certificates of an authority of your own: NODE_EXTRA_CA_CERTS.',
  },
  EXTERNAL_STS_URL: {
    about:
      'A real STS (AWS, MinIO, Ceph): identity pools assume their roles there, with their own token as the web identity, and pass its credentials on (docs/external-sts.md).',
    default: 'the STS of this server',
  },
  LAMBDA_ENDPOINT: {
    about:
      'Where the functions are that user pools name as Lambda triggers: the URL of a Lambda API (LocalStack, SAM local, `https://lambda.eu-west-1.amazonaws.com`). For ARNs that TRIGGERS_FILE does not name (docs/triggers.md).',
  },
  LAMBDA_ACCESS_KEY_ID: { about: 'Access key for Lambda APIs; without it calls are not signed.' },
  LAMBDA_SECRET_ACCESS_KEY: { about: 'Secret key for Lambda APIs.', secret: true },
  TRIGGERS_FILE: {
    about:
      'A JSON file from the ARN of a trigger, or a pattern of ARNs with `*`, to where its function is: a Lambda API, a webhook or a JavaScript module (docs/triggers.md).',
  },
  TRIGGER_WEBHOOK_KEY: {
    about:
      'The key that calls of webhooks are signed with, at least 32 characters; make one with `openssl rand -base64 32`.',
    secret: true,
  },
  PUSH_FILE: {
    about:
      'A JSON file from the ARN of a platform application of Cognito Sync, or a pattern of ARNs with `*`, to what pushes to its devices: APNs, FCM, ADM, Web Push, an SNS API or a webhook (docs/sync.md).',
  },
  STREAMS_FILE: {
    about:
      'A JSON file from the name of a stream of Cognito Sync, or a pattern of names with `*`, to where its records go: a Kinesis API, Kafka, a webhook or a file (docs/sync.md).',
  },
  SINKS_FILE: {
    about:
      'A JSON file from the ARN of a log group, a bucket or a delivery stream that user pools deliver logs to, or a pattern of ARNs with `*`, to where the records go: a file, standard output, an OTLP collector, a CloudWatch Logs, S3 or Firehose API, or a webhook (docs/log-delivery.md).',
  },
  CUSTOM_SENDER_KEY: {
    about:
      'The key under which codes are encrypted for CustomEmailSender and CustomSMSSender triggers: 32 bytes in base64 or hex (docs/triggers.md).',
    secret: true,
  },
  BREACHED_PASSWORDS_FILE: {
    about:
      'A filter of passwords known from breaches, made by `cognomen breached-passwords <list> <out>` from a list of passwords, or of their SHA-1 hashes such as that of Have I Been Pwned. For user pools with threat protection; the commonest passwords are always known (docs/behaviour/threat-protection.md).',
  },
  BREACHED_PASSWORDS_URL: {
    about:
      "A range API that is asked for what the file does not have, such as `https://api.pwnedpasswords.com/range`. It gets the first five hexadecimal digits of a password's SHA-1. While it does not answer, passwords are taken.",
  },
  GEOIP_FILE: {
    about:
      "A database of the places of addresses in MaxMind's format, such as `GeoLite2-City.mmdb` or `dbip-city-lite.mmdb`: for the risks of sign-ins, their events and messages, and the sessions of users. It is held in memory, and read again within seconds when it changes; replace it by renaming another file (docs/behaviour/threat-protection.md).",
  },
  BAD_ADDRESSES_FILE: {
    about:
      'Addresses that are known to be bad, one address or CIDR range a line, comments after `#`. In user pools with threat protection a sign-in from one of them is a high risk. Read again within seconds when it changes.',
  },
  AUTH_EVENT_DAYS: {
    about: 'Days for which pools with threat protection keep what users did (AdminListUserAuthEvents).',
    default: '730',
  },
  GATE_ROUTES: {
    about:
      'A JSON file of the routes that the resource gate protects (docs/gate.md). Routes may as well stand in the address that a proxy asks.',
  },
  GATE_CALLERS: {
    about:
      'Addresses and CIDR ranges of the proxies and servers that may ask the resource gate, separated by commas. Whoever asks may name any role, so no others should reach it.',
    default: '127.0.0.0/8, ::1',
  },
  REGISTERED_CLIENT_DAYS: {
    about:
      'Days without a token after which app clients that registered themselves (dynamic client registration) are deleted; 0 never.',
    default: '0',
  },
  UNCONFIRMED_USER_DAYS: {
    about:
      'Days after which users who signed up and were never confirmed are removed, so that their usernames are free again; 0 never.',
    default: '0',
  },
  UNUSED_GUEST_DAYS: {
    about:
      'Days without a token or credentials after which identities of guests are removed; 0 never. Uses are noted while it is set, so the first are removed that many days after it was set.',
    default: '0',
  },
  GUEST_ACTIONS: {
    about:
      "Actions of your own services, separated by commas, such as `photos:*`, that guests of identity pools may be allowed. What is neither here nor among AWS's own is denied to them in the enhanced flow, whatever their role says.",
  },
  SYNC_ACROSS_IDENTITIES: {
    about:
      "Whether Cognito Sync lets an identity's credentials reach the datasets of other identities as far as its policies allow, as AWS does. Without it they reach that identity's own datasets only, whatever its policies say.",
    default: 'false',
  },
  SYNC_DATASETS: {
    about: 'How many datasets of Cognito Sync an identity may have, from 20 to 200.',
    default: '20',
  },
  SYNC_RECORDS: {
    about: 'How many records a dataset may have, from 1024 to 10240. It remembers as many removed keys.',
    default: '1024',
  },
  SYNC_DATASET_BYTES: {
    about:
      'How many bytes the keys and values of a dataset may have together, from 1048576 (1 MiB) to 16777216 (16 MiB).',
    default: '1048576',
  },
  IMPORT_MAX_MEGABYTES: { about: 'Largest file of an import job, in megabytes (2^20 bytes).', default: '100' },
  IMPORT_MAX_USERS: { about: 'Most users in the file of an import job.', default: '500000' },
  IMPORT_MAX_REFUSED_USERS: {
    about:
      'Users of an import job that may fail or be skipped; with one more the job has failed. 0 for no bound (docs/import.md).',
    default: '10000',
  },
  IMPORT_FOREIGN_HASHES: {
    about:
      "Whether the password column of an import may hold hashes of other systems (Firebase, Django, WordPress, Keycloak) beside those of the job's PasswordHashingAlgorithm (docs/import.md).",
    default: 'false',
  },
  METRICS_TOKEN: {
    about:
      'A token of at least 32 characters; whoever sends it (`Authorization: Bearer …`) may read `/metrics`. Make one with `openssl rand -base64 32`. Without it, `/metrics` answers programs on this machine in development, and nobody in production (docs/metrics.md).',
    secret: true,
  },
  CRYPTO_WORKERS: { about: 'Threads for password and signature work.', default: 'from the number of cores' },
} as const satisfies Record<string, Variable>

export type VariableName = keyof typeof variables
export type Environment = Readonly<Partial<Record<VariableName, string | undefined>>>
