/** Ways to write the address of something that must not be asked: this machine, private networks, what clouds tell about themselves. */

/** Hosts; those of this machine reach a server on it when somebody is careless. */
export const hosts: readonly string[] = [
  // This machine.
  ...[
    '127.0.0.1',
    'localhost',
    'LOCALHOST',
    'localhost.',
    '127.1',
    '127.0.1',
    '127.127.127.127',
    '0',
    '0.0.0.0',
    '0x7f000001',
  ],
  ...[
    '0x7f.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '0177.1',
    '017700000001',
    '2130706433',
    '00000177.0.0.01',
    '127.0.0.1.',
    '[::1]',
  ],
  ...[
    '[0:0:0:0:0:0:0:1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[0000::1]',
    '127。0。0。1',
    '127．0．0．1',
  ],
  ...[
    '１２７.０.０.１',
    '①②⑦.⓪.⓪.①',
    'ｌｏｃａｌｈｏｓｔ',
    'loc%61lhost',
    '127.0.0.1%2f',
    'user@127.0.0.1',
    'example.com@localhost',
  ],
  ...[
    'example.com#@127.0.0.1',
    '127.0.0.1\\@example.com',
    '127.0.0.1:80@localhost',
    '127.0.0.1.nip.io',
    'localtest.me',
    '4294967295',
  ],
  // Networks of one's own, and neighbours.
  ...[
    '10.0.0.1',
    '10.1',
    '0xa000001',
    '167772161',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '192.168.1',
    '0xc0a80001',
  ],
  ...[
    '100.64.0.1',
    '198.18.0.1',
    '192.0.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[fc00::1]',
    '[fd12:3456::1]',
    '[fe80::1]',
  ],
  ...[
    '[fe80::1%25lo]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[ff02::1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:192.168.0.1]',
  ],
  // What clouds answer with keys.
  ...[
    '169.254.169.254',
    '0xa9fea9fe',
    '2852039166',
    '0251.0376.0251.0376',
    '[::ffff:169.254.169.254]',
    '[fd00:ec2::254]',
  ],
  ...['metadata.google.internal', '100.100.100.200', '169.254.170.2'],
]

/** As addresses, in the schemes that libraries follow. */
export const addressesAt = (port: number): string[] => [
  ...hosts.map((host) => `http://${host}:${port}/canary`),
  ...['https', 'ftp', 'gopher', 'ws', 'redis', 'postgresql', 'smtp'].map(
    (scheme) => `${scheme}://127.0.0.1:${port}/canary`,
  ),
  `//127.0.0.1:${port}/canary`,
  `127.0.0.1:${port}`,
  `file:///etc/passwd`,
  `http:127.0.0.1:${port}`,
  `http:///127.0.0.1:${port}`,
  `\\\\127.0.0.1@${port}\\canary`,
  `canary@[127.0.0.1]`,
]
