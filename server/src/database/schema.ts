// Every table, typed, for Kysely. Rules for tables and statements: docs/decisions/statement-rules.md.
// Times are epoch milliseconds, flags 0 or 1, `*_sealed` columns AES-256-GCM under the master key, JSON is text and
// never queried into. A `version` column is what compare-and-set writes compare.

export interface Schema {
  meta: { name: string; value: string }
  /** `region`: the one that its creation was signed for, or that was promoted (cognito-idp/replicas/). */
  user_pools: {
    id: string
    region: string
    settings: string
    created_at: number
    updated_at: number
    version: number
  }
  /** Further regions of pools. `settings`: JSON, what the region has of its own (cognito-idp/replicas/). */
  user_pool_replicas: { user_pool_id: string; region: string; status: string; settings: string }
  /** Reservations: the domain of each pool. What it is like is in the settings of the pool (cognito-idp/domains/). */
  user_pool_domains: { domain: string; user_pool_id: string }
  /** `scopes`: JSON array of name and description (cognito-idp/resource-servers/). */
  resource_servers: { identifier: string; user_pool_id: string; name: string; scopes: string }
  /** Identity providers of user pools (cognito-idp/identity-providers/). `settings`: JSON; `document`: SAML metadata. */
  identity_providers: {
    provider_name: string
    user_pool_id: string
    provider_type: string
    settings: string
    /** Sealed JSON: client secrets and private keys, by name. */
    secrets_sealed: string
    document: string
    created_at: number
    updated_at: number
    version: number
  }
  /** Reservations: an identifier of a pool leads to one of its identity providers. */
  identity_provider_identifiers: { identifier: string; user_pool_id: string; provider_name: string }
  /** The key that a pool signs SAML requests with, and its newest certificate (DER in base64). */
  saml_signing_keys: { user_pool_id: string; private_sealed: string; certificate: string; certified_at: number }
  user_pool_clients: {
    client_id: string
    user_pool_id: string
    settings: string
    /** Sealed JSON: ClientSecret[] (user-pool-clients/client-store.ts). */
    secrets_sealed: string
    created_at: number
    updated_at: number
    version: number
  }
  /** `use` is id, access or identity. The active key is the newest with active_from in the past. */
  signing_keys: {
    user_pool_id: string
    use: string
    generation: number
    kid: string
    public_jwk: string
    private_sealed: string
    active_from: number
    created_at: number
    /** When the row is deleted: set when its successor is inserted (signing/signing-keys.ts), until then NEVER. */
    expires_at: number
  }
  users: {
    user_sub: string
    user_pool_id: string
    username: string
    status: string
    enabled: number
    /** JSON object: attribute name -> text. */
    attributes: string
    /** Sealed stored password (crypto/password.ts); empty when the user has none. */
    credential_sealed: string
    credential_set_at: number
    /** Sealed JSON array of earlier credentials, newest first; empty without history. */
    credential_history_sealed: string
    /** Counts sign-outs everywhere: tokens of an older generation are revoked (cognito-idp/tokens/sign-in-id.ts). */
    token_generation: number
    /** JSON: preferences of multi-factor authentication. */
    mfa: string
    /** JSON array: identities at external providers (cognito-idp/identities/identity-rules.ts). */
    identities: string
    created_at: number
    updated_at: number
    version: number
  }
  /** Reservations: every name a user can sign in with. Uniqueness of usernames and aliases is this primary key. */
  user_names: { name_key: string; user_pool_id: string; kind: string; user_sub: string }
  /**
   * The keys that ListUsers searches a user by (cognito-idp/users/user-search-rules.ts), an index for each; null: none.
   * States are searched in `users` itself. A table of its own, because the planner would consider each index in the hot
   * statements on `users`.
   */
  user_search: {
    user_sub: string
    user_pool_id: string
    username: string | null
    email: string | null
    phone_number: string | null
    name: string | null
    given_name: string | null
    family_name: string | null
    preferred_username: string | null
  }
  /** Number of users of a pool, written outside the transaction of a sign-up (users/user-counts.ts). */
  user_counts: { user_pool_id: string; users: number }
  /** `group_id` distinguishes a group from a deleted one of the same name. */
  groups: {
    group_name: string
    user_pool_id: string
    group_id: string
    description: string | null
    role_arn: string | null
    precedence: number | null
    created_at: number
    updated_at: number
    version: number
  }
  /** A row with another `group_id` than the group of its name is left over from a deleted group and is ignored. */
  group_members: { user_sub: string; user_pool_id: string; group_name: string; group_id: string; created_at: number }
  /** Number of groups of a pool; concurrent creations conflict on this row, so that the limit holds. */
  group_counts: { user_pool_id: string; group_count: number }
  /** One live code for each user and purpose; a newer one replaces it. */
  codes: {
    /** A sub, or for a simulated code the MAC of an unknown username (attempts/attempts.ts). */
    user_sub: string
    user_pool_id: string
    purpose: string
    /** MAC of code, purpose, user and pool: the code itself is only in the message. */
    code_mac: string
    /** Attribute that the code was sent to (email or phone_number). */
    attribute: string
    /** The value of that attribute at sending, or the pending value to be verified; sealed. */
    value_sealed: string
    created_at: number
    expires_at: number
    /**
     * Wrong tries and tries being evaluated: each is counted before it is evaluated; a right one is subtracted again.
     */
    tries: number
  }
  /**
   * The secret of a user's authenticator app, sealed; empty until it is verified. A new one waits in `pending_sealed` until
   * it is verified, and the old one works until then. `last_step`: the newest time step whose code was used.
   */
  software_tokens: {
    user_sub: string
    user_pool_id: string
    secret_sealed: string
    pending_sealed: string
    last_step: number
  }
  /** Recovery codes that are not used yet: the MAC of each with its user and pool. */
  recovery_codes: {
    user_sub: string
    user_pool_id: string
    code_id: string
    code_mac: string
    created_at: number
  }
  /** Counters of failures and requests (lockout, hourly limits), one for each subject and kind; writes compare `state`. */
  attempts: { subject: string; kind: string; user_pool_id: string; state: string; expires_at: number }
  /**
   * What was used of budgets (budgets/budget-store.ts): one row for each thing that is counted, with the uses of an hour
   * and of a day. `hour` and `day` number those windows from the epoch on. The key is a MAC.
   */
  budgets: {
    budget_key: string
    hour: number
    hour_used: number
    day: number
    day_used: number
    expires_at: number
  }
  /** Limits of request rates that were set (cognito-idp/request-rates/), in requests a second of a category. */
  provisioned_limits: { category: string; per_second: number }
  /** Requests of the second `at_second` (epoch) that processes have taken to themselves, for each counter with a limit; purged once it is over. */
  rate_shares: { counter: string; at_second: number; used: number; expires_at: number }
  /** What is kept of a custom sign-in between two calls (cognito-idp/sign-in/custom-state.ts); written once. */
  custom_sign_ins: { id: string; user_pool_id: string; state_sealed: string; expires_at: number }
  /** Authorization codes, by their hash. A redeemed one stays until it has expired, so that a second use is noticed. */
  authorization_codes: {
    code_hash: string
    user_pool_id: string
    grant_sealed: string
    redeemed: 0 | 1
    expires_at: number
  }
  /**
   * Grants of devices without a browser, by a MAC of the code that their user types (oauth/device/). `answer_sealed`: empty until
   * the user has allowed the sign-in. `polled_at`: when the device last asked; 0 before it did.
   */
  device_grants: {
    code_key: string
    user_pool_id: string
    grant_id: string
    client_id: string
    request_sealed: string
    status: 'pending' | 'allowed' | 'denied' | 'redeemed'
    answer_sealed: string
    polled_at: number
    interval_seconds: number
    expires_at: number
  }
  /** Used ids of single-use sign-in sessions, against replay. */
  spent_ids: { id: string; user_pool_id: string; expires_at: number }
  /**
   * Sign-ins whose tokens were revoked one by one (RevokeToken). With the key of a forgotten device in place of an
   * origin_jti: all refresh tokens of that device.
   */
  revoked_sign_ins: { user_sub: string; user_pool_id: string; origin_jti: string; expires_at: number }
  /** Rotating refresh tokens: which generation of a sign-in's token is the current one. */
  refresh_families: {
    user_sub: string
    user_pool_id: string
    origin_jti: string
    generation: number
    rotated_at: number
    expires_at: number
  }
  /**
   * Sign-ins of pools that track sessions (cognito-idp/sessions/). The key is what revocations have; a row of an older
   * token generation than its user's has ended.
   */
  user_sessions: {
    user_sub: string
    user_pool_id: string
    origin_jti: string
    /** What every access token of the sign-in has; not all have an origin_jti. */
    event_id: string
    client_id: string
    token_generation: number
    device_type: string
    /** The client's address at the last activity. */
    address: string | null
    /** TOKEN: a sign-in of an application; SSO: of a browser, on the pool's pages. */
    session_type: 'TOKEN' | 'SSO'
    /** Of a sign-in of an application by a browser: the browser's session. */
    parent_id: string | null
    created_at: number
    last_active_at: number
    expires_at: number
  }
  /** What threat protection keeps of a user (threats/event-store.ts). The ids are in the order of time. */
  auth_events: {
    user_sub: string
    user_pool_id: string
    event_id: string
    event_type: string
    response: string
    /** JSON. */
    challenges: string
    /** JSON: what does not change. */
    details: string
    /** JSON; null until there is any. */
    feedback: string | null
    created_at: number
    expires_at: number
  }
  /** When the refresh token of a sign-in was last used, in pools with an idle time-out (sessions/idle-rules.ts). */
  session_apps: { user_sub: string; user_pool_id: string; session_id: string; client_id: string; expires_at: number }
  saml_sessions: {
    user_sub: string
    user_pool_id: string
    session_id: string
    provider: string
    session_index: string | null
    expires_at: number
  }
  registered_clients: { client_id: string; user_pool_id: string; used_at: number }
  consents: {
    user_sub: string
    user_pool_id: string
    client_id: string
    /** JSON. */
    granted: string
    granted_at: number
  }
  refresh_uses: { user_sub: string; user_pool_id: string; origin_jti: string; used_at: number; expires_at: number }
  /** Passkeys: the public halves of WebAuthn credentials (cognito-idp/passkeys/passkey-store.ts). */
  passkeys: {
    user_sub: string
    user_pool_id: string
    /** SHA-256 of the credential id, which may be longer than a key. */
    credential_key: string
    credential_id: string
    public_key: string
    /** The authenticator's signature counter; writes compare it. */
    counter: number
    user_handle: string
    user_verified: number
    backup_eligible: number
    backed_up: number
    /** JSON array. */
    transports: string
    attachment: string | null
    friendly_name: string
    rp_id: string
    aaguid: string
    created_at: number
    last_used_at: number | null
  }
  /** The devices that users have confirmed (cognito-idp/devices/). */
  devices: {
    user_sub: string
    user_pool_id: string
    device_key: string
    name: string | null
    /** 1: it takes the place of a second factor where the pool says so. */
    remembered: number
    /** Verifier and salt of the device's password; sealed. */
    secret_sealed: string
    /** The address of its last sign-in. */
    last_ip: string | null
    created_at: number
    updated_at: number
    /** Of its last sign-in. */
    authenticated_at: number
  }
  /** Images of login pages, served by their ids (cognito-idp/branding/image-store.ts). Never changed, only replaced. */
  images: {
    image_id: string
    user_pool_id: string
    media_type: string
    /** Base64. */
    content: string
  }
  /** Import jobs (cognito-idp/user-import/). What a running one has got to is in the payload of its row in `jobs`. */
  user_import_jobs: {
    job_id: string
    user_pool_id: string
    job_name: string
    role_arn: string
    /** PasswordHashingAlgorithm. */
    algorithm: string | null
    status: string
    message: string | null
    imported: number
    skipped: number
    failed: number
    created_at: number
    started_at: number | null
    completed_at: number | null
    /** The upload that is complete; empty without one. */
    file_id: string
    /** The upload that is under way, of which `upload_bytes` have arrived; empty without one. */
    upload_id: string
    upload_bytes: number
    /** The size that it was begun with; 0 where it was not told. */
    upload_size: number
  }
  /** The parts of uploaded files by the position of their first byte. Gone when their job has ended. */
  user_import_parts: {
    job_id: string
    upload_id: string
    position: number
    user_pool_id: string
    content_sealed: string
  }
  /** What became of the lines of a file: a row for each step, `line` being the first one. */
  user_import_log: { job_id: string; line: number; user_pool_id: string; content: string }
  /** CSS and logo of the classic login pages; `client_id` ALL for those of a pool. */
  ui_customizations: {
    user_pool_id: string
    client_id: string
    css: string | null
    /** What a page gets of it (cognito-idp/ui-customization/read-css.ts). */
    served_css: string
    css_version: string
    image_id: string | null
    created_at: number
    updated_at: number
  }
  /** Styles of managed login, one for each client. */
  login_brandings: {
    client_id: string
    user_pool_id: string
    branding_id: string
    /** 1: UseCognitoProvidedValues. */
    provided: number
    /** JSON: the members of the document that were set. */
    settings: string
    /** JSON array: StoredAsset (cognito-idp/branding/branding-store.ts). */
    assets: string
    created_at: number
    updated_at: number
    version: number
  }
  /** Terms of use and privacy policies of clients. */
  terms: {
    client_id: string
    user_pool_id: string
    terms_name: string
    terms_id: string
    source: string
    enforcement: string
    /** JSON: language -> URL. */
    links: string
    created_at: number
    updated_at: number
    version: number
  }
  /** Work that outlives the request that asks for it (jobs/, docs/decisions/jobs.md). Rows are claimed with a lease. */
  jobs: {
    /**
     * For messages the user's sub, so that they are in the shard of the user; for removals the id of the deleted pool
     * or group.
     */
    owner: string
    /** Unique among the owner's jobs; random where an owner may have many. */
    id: string
    /** The queue (queues.ts); `captured` for messages kept because no delivery is configured (development). */
    queue: string
    /**
     * For messages sealed JSON: OutgoingMessage (messages/outbox.ts). For removals the cursor of the sweep
     * (jobs/sweep.ts).
     */
    payload: string
    created_at: number
    /** Claims since the job last advanced. */
    attempts: number
    /**
     * When the job may be claimed (again); a claim moves it to the end of the lease. For captured messages their sort
     * key.
     */
    due_at: number
    /**
     * Random for each claim; only the claimant may finish, postpone or advance the job. Empty when the job is not
     * claimed.
     */
    lease: string
  }
  /** Users, groups, roles, policies and providers of IAM; settings as JSON (iam/entity-types.ts). The key is kind and name. */
  iam_entities: {
    entity_key: string
    kind: string
    /** Path and name without case: the order of lists. */
    path_key: string
    entity_id: string
    settings: string
    created_at: number
    updated_at: number
    version: number
  }
  iam_access_keys: {
    access_key_id: string
    user_key: string
    secret_sealed: string
    status: string
    created_at: number
  }
  /** Last use of roles (by unique id), access keys and identities of guests (guest-removal.ts): a table of its own, as it is written often and may be lost. */
  iam_last_used: { name: string; used_at: number; service: string; region: string }
  /** The entities that have a managed policy: the reverse of what entities list. `use` is attached or boundary. */
  iam_attachments: { entity_key: string; policy_arn: string; use: string }
  /** The members of a group: the reverse of what users list. */
  iam_memberships: { user_key: string; group_key: string }
  /** Number of entities of a kind; concurrent creations conflict on this row, so that the quota holds. */
  iam_counts: { kind: string; entity_count: number }
  identity_pools: {
    id: string
    /** As in `user_pools`. */
    region: string
    settings: string
    created_at: number
    updated_at: number
    version: number
  }
  /**
   * `merged_into` is the identity that took over a disabled one; empty for a live one. `linked`: it has or once had a login,
   * and is a guest's no more.
   */
  identities: {
    identity_id: string
    identity_pool_id: string
    disabled: number
    merged_into: string
    linked: number
    /** JSON array of [provider, subject], at most 20. */
    logins: string
    created_at: number
    updated_at: number
    version: number
  }
  /**
   * Reservations: a login (provider and subject, or a developer's user) of a pool leads to one identity, in whose row it
   * is, too. The key is a hash of provider and subject.
   */
  identity_logins: { login_key: string; identity_pool_id: string; identity_id: string }
  /**
   * Datasets of Cognito Sync. The row of a deleted one stays, so that other devices learn of it; one that is made again goes
   * on counting. Every change compares `sync_count`.
   */
  sync_datasets: {
    identity_id: string
    dataset_name: string
    identity_pool_id: string
    /** With `dataset_id` the key of its records. A merged dataset keeps them, under the identity that it was made by. */
    home_id: string
    /** Random, and another one when the dataset is made again. */
    dataset_id: string
    /** 0: deleted. */
    live: number
    /** Raised by one by each push, deletion and merger. */
    sync_count: number
    /** Devices that know a count below this one, and above 0, must begin anew; 0: none. */
    deleted_sync_count: number
    /** The name of the dataset of this identity that it is to be merged into; empty for all others. */
    merged_from: string
    created_at: number
    updated_at: number
    /** The id of a device, or of the identity. */
    modified_by: string
    /** UTF-8 bytes of keys and values. */
    storage: number
    record_count: number
    tombstone_count: number
  }
  /** What Cognito Sync does for an identity pool beyond its datasets: JSON (datasets/sync-pool-store.ts). */
  sync_pools: { identity_pool_id: string; settings: string; version: number; updated_at: number }
  /** Devices that pushes go to. The token, at a push service, is sealed. */
  sync_devices: {
    identity_id: string
    device_id: string
    identity_pool_id: string
    platform: string
    application_arn: string
    token: string
    created_at: number
  }
  /** Which datasets a device is told of. */
  sync_subscriptions: { identity_id: string; dataset_name: string; device_id: string; identity_pool_id: string }
  /** Records of datasets; one without a value is the tombstone of a removed key. */
  sync_records: {
    home_id: string
    dataset_id: string
    record_key: string
    value: string | null
    /** The dataset's at its last change. */
    sync_count: number
    updated_at: number
    modified_by: string
    device_updated_at: number | null
  }
  /** What is told of the use of an identity pool's datasets; estimates, written once a second. */
  sync_usage: {
    identity_pool_id: string
    /** Sync session tokens that were made. */
    sessions: number
    /** UTF-8 bytes of the keys and values of all datasets. */
    storage: number
    /** When a dataset was last changed. */
    updated_at: number
  }
}
