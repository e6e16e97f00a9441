/** Every kind of address that PostgreSQL's client takes goes on working with our time behind it. */
import pg from 'pg'
import { expect, test } from 'vitest'
import { inUtc } from '@/lib/platform/db/database'

test.each([
  ['postgres://app:p%40w@db.example:5433/lingxi', 'db.example', null],
  [
    'postgres://app:p%40w@db.example:5433/lingxi?connect_timeout=5&options=-c%20statement_timeout%3D5000',
    'db.example',
    '-c statement_timeout=5000',
  ],
  ['postgres://app:p%40w@db.example:5433/lingxi?options=-c+a.b%3D1&options=-c+a.b%3D2', 'db.example', '-c a.b=2'],
  // By a socket, with a user and without a host.
  ['postgres://app:p%40w@/lingxi?host=/var/run/postgresql&port=5433', '/var/run/postgresql', null],
  ['postgres://app:p%40w@%2Fvar%2Frun%2Fpostgresql:5433/lingxi', '/var/run/postgresql', null],
])('%s', (address, host, own) => {
  const { connectionParameters: found } = new pg.Client(inUtc(address)) as unknown as {
    connectionParameters: Record<string, unknown>
  }
  const options = `${own ? `${own} ` : ''}-c timezone=UTC`
  expect(found).toMatchObject({ user: 'app', password: 'p@w', host, port: 5_433, database: 'lingxi', options })
})

test('an address that is none says no password in its error', () => {
  const broken = 'postgres://app:secret@db:port/lingxi'
  const text = () => {
    try {
      new pg.Client(inUtc(broken))
      return 'worked'
    } catch (error) {
      return JSON.stringify({ ...(error as Error), message: (error as Error).message, stack: (error as Error).stack })
    }
  }
  expect(text()).toContain('Invalid URL')
  expect(text()).not.toContain('secret')
})
