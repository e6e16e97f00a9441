/** Which addresses may be asked: the internet's, and what an operator opened. */
import { expect, test } from 'vitest'
import { readEnv } from '@/lib/core/env'
import { mayReach, readNetworks } from '@/lib/core/networks'

test.each([
  ...[
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
  ],
  ...['192.168.0.1', '169.254.169.254', '169.254.170.2', '100.64.0.1', '100.100.100.200', '192.0.0.1', '192.0.2.1'],
  ...['198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.9', '192.88.99.1', '224.0.0.1', '239.255.255.255'],
  ...['240.0.0.1', '255.255.255.255', '::', '::1', '::7f00:1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
  ...['::ffff:10.0.0.1', '::ffff:0:7f00:1', '64:ff9b::7f00:1', '64:ff9b:1::a00:1', '100::1', '2001::1', '2001:2::1'],
  ...['2001:10::1', '2001:20::1', '2001:db8::1', '2002:7f00:1::', '2002:a00:1::1', '3fff::1', '4000::1', '5f00::1'],
  ...['fc00::1', 'fd00:ec2::254', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', 'ff0e::1'],
  // What no resolver says: other spellings are refused before they are understood.
  ...['0177.0.0.1', '0x7f.1', '2130706433', '127.1', 'localhost', '', '[::1]', '8.8.8.8 ', '008.8.8.8'],
])('%s is not asked', (address) => {
  expect(mayReach(address, [])).toBe(false)
})

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '192.167.0.1',
  '11.0.0.1',
  '198.17.0.1',
  '223.255.255.255',
  '::ffff:8.8.8.8',
  '2606:4700::1111',
  '2a00:1450::1',
])('%s is of the internet', (address) => {
  expect(mayReach(address, [])).toBe(true)
})

test('an operator opens networks; what clouds tell of a machine stays closed unless it is named', () => {
  const all = readNetworks('allow')
  for (const address of ['10.1.2.3', '192.168.1.1', '127.0.0.1', '::1', 'fd12::1', '::ffff:10.0.0.1'])
    expect([address, mayReach(address, all)]).toEqual([address, true])
  for (const address of ['169.254.169.254', 'fd00:ec2::254', '100.64.0.1', '224.0.0.1', '0.0.0.0', 'fe80::1'])
    expect([address, mayReach(address, all)]).toEqual([address, false])
  const some = readNetworks('10.20.0.0/16, fd00:1::/32 192.168.7.7')
  expect(
    ['10.20.3.4', '10.21.0.1', 'fd00:1::5', 'fd00:2::5', '192.168.7.7', '192.168.7.8'].map((one) =>
      mayReach(one, some),
    ),
  ).toEqual([true, false, true, false, true, false])
  expect(mayReach('fd00:ec2::254', readNetworks('fd00:ec2::254'))).toBe(true)
  expect(readNetworks('')).toEqual([])
  for (const wrong of ['yes', '10.0.0.0/', '10.0.0.0/99', '10.0.0/8', '999.1.1.1', '::1/x'])
    expect(() => readNetworks(wrong), wrong).toThrow()
})

test('a setting that names no networks ends the start, with its name', () => {
  expect(readEnv({ LINGXI_WEBHOOK_PRIVATE: 'allow' }).LINGXI_WEBHOOK_PRIVATE).toBe('allow')
  expect(() => readEnv({ LINGXI_WEBHOOK_PRIVATE: 'everything' })).toThrow(/LINGXI_WEBHOOK_PRIVATE/)
})
