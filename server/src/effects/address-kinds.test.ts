import { describe, expect, test } from 'vitest'
import { isLoopback, isLoopbackName, isPrivate, isPublic } from './address-kinds.ts'

const list = (text: string): string[] => text.trim().split(/\s+/)

describe('an address is public', () => {
  test.each(
    list(`1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255 169.255.0.0
      172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
      2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450::1 2001:200::1 2620:fe::fe`),
  )('%s', (address) => {
    expect([isPublic(address), isPrivate(address), isLoopback(address)]).toEqual([true, false, false])
  })

  test.each(
    list(`0.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 169.254.169.254 172.16.0.0 172.31.255.255 192.168.255.255
      224.0.0.1 255.255.255.255 :: ::1 ::ffff:8.8.8.8 64:ff9b::808:808 2001:db8::1 2001::1 2002:808:808::1 fc00::1 fdff::1 fe80::1
      fe80::1%eth0 ff02::1 1fff::1 4000::1 localhost 8.8.8 0x8080808 garbage`),
  )('but not %s', (address) => {
    expect(isPublic(address)).toBe(false)
  })
})

test('link-local addresses do not count as private', () => {
  for (const address of list('10.0.0.1 172.16.0.1 192.168.0.1 100.64.0.1 fd00::1 127.0.0.1 ::1'))
    expect(isPrivate(address)).toBe(true)
  for (const address of list('169.254.169.254 fe80::1 0.0.0.0 :: 224.0.0.1 64:ff9b::a00:1'))
    expect(isPrivate(address)).toBe(false)
})

test('names of this machine', () => {
  for (const name of list('localhost idp.localhost 127.0.0.1 127.8.8.8 ::1')) expect(isLoopbackName(name)).toBe(true)
  for (const name of list('localhost.example.com notlocalhost 0.0.0.0 127.0.0.1.nip.example 10.0.0.1'))
    expect(isLoopbackName(name)).toBe(false)
})
