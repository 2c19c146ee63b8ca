import { describe, expect, it } from 'vitest'
import { deviceType } from './device-type.ts'

const cases: readonly [userAgent: string | undefined, shown: string][] = [
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36',
    'Chrome 125 / macOS 10.15.7',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15',
    'Safari 17 / macOS 10.15.7',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 Edg/124.0.2478.80',
    'Edge 124 / Windows 10',
  ],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:126.0) Gecko/20100101 Firefox/126.0', 'Firefox 126 / Windows 10'],
  ['Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko', 'Internet Explorer 11 / Windows 7'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/125.0.6422.80 Mobile/15E148 Safari/604.1',
    'Chrome 125 / iOS 17.5.1',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Safari 17 / iOS 17.5',
  ],
  [
    'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1',
    'Safari 16 / iPadOS 16.6',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36',
    'Samsung Internet 25 / Android 14',
  ],
  [
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36',
    'Chrome 125 / ChromeOS 14541',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0', 'Firefox 126 / Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0',
    'Opera 110 / Windows 10',
  ],
  ['MyApp/12 CFNetwork/1496.0.7 Darwin/23.5.0', 'iOS app 1496'],
  ['okhttp/4.12.0', 'Android app 4'],
  [
    'aws-sdk-kotlin/1.2.3 ua/2.1 api/cognitoidentityprovider#1.2.3 os/android#34 lang/kotlin#1.9',
    'AWS SDK for Android 1 / Android 34',
  ],
  [
    'aws-sdk-swift/1.0.0 ua/2.1 api/cognito_identity_provider#1.0 os/ios#17.4 lang/swift#5.10',
    'AWS SDK for iOS 1 / iOS 17.4',
  ],
  ['aws-sdk-js/3.600.0 ua/2.0 os/linux#6.1.0 lang/js md/nodejs#20.14.0 api/x#3', 'AWS SDK for JavaScript 3 / Linux'],
  ['aws-cli/2.15.0 Python/3.11.6 Linux/6.1 exe/x86_64', 'AWS CLI 2 / Linux'],
  ['Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0 os/macos#23.5.0', 'AWS SDK for Python 1 / macOS 23.5.0'],
  ['curl/8.5.0', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
]

describe('the DeviceType of a session', () => {
  it.each(cases)('%s', (userAgent, shown) => {
    expect(deviceType(userAgent)).toBe(shown)
  })

  it('is read from the beginning alone, whatever is sent', () => {
    expect(deviceType(`${'x'.repeat(600)} Firefox/126.0`)).toBe('unknown')
    for (const text of ['Trident/'.repeat(5000), 'iPhone '.repeat(5000), `Version/1${'1'.repeat(50_000)}`])
      expect(deviceType(text).length).toBeLessThan(600)
  })
})
