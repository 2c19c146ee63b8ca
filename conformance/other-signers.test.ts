// Clients that do not sign content-type, unchanged: the AWS SDK for JavaScript v2, aws4fetch, and AsyncAws of PHP where
// Debian's package of it is installed.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type StartedServer, startServer } from './start-server.ts'

let server: StartedServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

describe('the AWS SDK for JavaScript v2', () => {
  const suppressed = 'AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE'
  const before = process.env[suppressed]
  beforeAll(() => {
    process.env[suppressed] = '1'
  })
  afterAll(() => {
    if (before === undefined) delete process.env[suppressed]
    else process.env[suppressed] = before
  })
  const options = () => ({ endpoint: server.url, region: server.region, credentials: server.credentials })

  test('user pools: signed calls, and an app without credentials', async () => {
    const { default: CognitoIdentityServiceProvider } = await import(
      'aws-sdk/clients/cognitoidentityserviceprovider.js'
    )
    const pools = new CognitoIdentityServiceProvider(options())
    const { UserPool } = await pools.createUserPool({ PoolName: 'v2' }).promise()
    const UserPoolId = UserPool?.Id as string
    const ExplicitAuthFlows = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']
    const { UserPoolClient } = await pools
      .createUserPoolClient({ UserPoolId, ClientName: 'app', ExplicitAuthFlows })
      .promise()
    const ClientId = UserPoolClient?.ClientId as string
    const Password = 'First.Passw0rd'
    await pools.adminCreateUser({ UserPoolId, Username: 'ada', MessageAction: 'SUPPRESS' }).promise()
    await pools.adminSetUserPassword({ UserPoolId, Username: 'ada', Password, Permanent: true }).promise()
    const { AuthenticationResult } = await pools
      .initiateAuth({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'ada', PASSWORD: Password },
      })
      .promise()
    const AccessToken = AuthenticationResult?.AccessToken as string
    expect((await pools.getUser({ AccessToken }).promise()).Username).toBe('ada')
    await expect(pools.describeUserPool({ UserPoolId: 'us-east-1_nothere' }).promise()).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      statusCode: 400,
    })
    const wrong = { ...server.credentials, secretAccessKey: 'another' }
    const forged = new CognitoIdentityServiceProvider({ ...options(), credentials: wrong })
    await expect(forged.describeUserPool({ UserPoolId }).promise()).rejects.toMatchObject({
      code: 'InvalidSignatureException',
    })
  })

  test('identity pools, STS and IAM', async () => {
    const [{ default: CognitoIdentity }, { default: STS }, { default: IAM }] = await Promise.all([
      import('aws-sdk/clients/cognitoidentity.js'),
      import('aws-sdk/clients/sts.js'),
      import('aws-sdk/clients/iam.js'),
    ])
    const identities = new CognitoIdentity(options())
    const { IdentityPoolId } = await identities
      .createIdentityPool({ IdentityPoolName: 'v2', AllowUnauthenticatedIdentities: true })
      .promise()
    expect((await identities.getId({ IdentityPoolId }).promise()).IdentityId).toMatch(/^us-east-1:/)
    expect((await new STS(options()).getCallerIdentity().promise()).Arn).toMatch(/:root$/)
    const { User } = await new IAM(options()).createUser({ UserName: 'from-v2' }).promise()
    expect(User?.UserName).toBe('from-v2')
  })
})

test('aws4fetch: JSON and form bodies, and a presigned call', async () => {
  const { region, url } = server
  const client = new AwsClient({ ...server.credentials, region, retries: 0 })
  const asJson = (target: string, input: unknown) =>
    client.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
      body: JSON.stringify(input),
      aws: { service: 'cognito-idp' },
    })
  const created = await asJson('AWSCognitoIdentityProviderService.CreateUserPool', { PoolName: 'aws4fetch' })
  expect(await created.json()).toMatchObject({ UserPool: { Name: 'aws4fetch' } })
  const query = 'Action=GetCallerIdentity&Version=2011-06-15'
  const form = await client.fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: query,
    aws: { service: 'sts' },
  })
  expect(await form.text()).toContain(':root</Arn>')
  const presigned = await client.sign(`${url}/?${query}&X-Amz-Expires=60`, { aws: { service: 'sts', signQuery: true } })
  expect(await (await fetch(presigned)).text()).toContain(':root</Arn>')
})

const asyncAws = '/usr/share/php/AsyncAws/Core/autoload.php'
const isInstalled = existsSync(asyncAws) && existsSync('/usr/bin/php')

test.skipIf(!isInstalled)('AsyncAws (apt-get install -y php-cli php-curl php-async-aws-core)', async () => {
  const { accessKeyId, secretAccessKey } = server.credentials
  const program = `
    require '${asyncAws}';
    $request = new AsyncAws\\Core\\Request('POST', '/', [], [
      'content-type' => 'application/x-amz-json-1.1',
      'x-amz-target' => 'AWSCognitoIdentityProviderService.CreateUserPool',
    ], AsyncAws\\Core\\Stream\\StringStream::create('{"PoolName":"async-aws"}'));
    $request->setEndpoint(getenv('URL') . '/');
    $key = new AsyncAws\\Core\\Credentials\\Credentials(getenv('KEY'), getenv('SECRET'));
    (new AsyncAws\\Core\\Signer\\SignerV4('cognito-idp', getenv('REGION')))
      ->sign($request, $key, new AsyncAws\\Core\\RequestContext());
    $headers = [];
    foreach ($request->getHeaders() as $name => $value) $headers[] = "$name: $value";
    fwrite(STDERR, $request->getHeader('authorization'));
    echo file_get_contents(getenv('URL') . '/', false, stream_context_create(['http' => [
      'method' => 'POST', 'header' => $headers, 'content' => $request->getBody()->stringify(), 'ignore_errors' => true,
    ]]));
    $sts = new AsyncAws\\Core\\Sts\\StsClient([
      'endpoint' => getenv('URL'), 'region' => getenv('REGION'),
      'accessKeyId' => getenv('KEY'), 'accessKeySecret' => getenv('SECRET'),
    ]);
    echo $sts->getCallerIdentity()->getArn();`
  const env = { URL: server.url, REGION: server.region, KEY: accessKeyId, SECRET: secretAccessKey }
  const { stdout, stderr } = await promisify(execFile)('php', ['-r', program], {
    env: { PATH: process.env['PATH'], ...env },
  })
  expect(stderr).not.toMatch(/SignedHeaders=[^,]*content-type/)
  expect(stdout).toContain('"Name":"async-aws"')
  expect(stdout).toMatch(/:root$/)
})
