/** Every column that holds sealed bytes is known by the key that seals it: what moves or goes with a contact must move or go whole. */
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../kit/database'

/** A new one sealed with a contact's key must be sealed anew where a visitor's things move (flows/identify-visitor.ts). */
const sealed: Record<string, string> = {
  'account.key': 'installation key',
  'attachment.claim': 'hash by the account',
  'attachment.key': 'contact key; sealed anew',
  'attachment.name': 'contact key; sealed anew',
  'audit_entry.hash': 'SHA-256 of the entry and of the hash before; of ids, numbers and names of things',
  'audit_entry.previous': 'the hash before',
  'contact.key': 'account key',
  'contact.name': 'contact key; the known contact keeps its own',
  'contact.email': 'contact key; the known contact keeps its own',
  'contact.phone': 'contact key; the known contact keeps its own',
  'contact.email_hash': 'hash by the account',
  'contact.external_hash': 'hash by the account',
  'contact.external_id': 'contact key; the known contact keeps its own',
  'contact_session.page': 'contact key; goes with the session',
  'conversation.preview': 'contact key; sealed anew',
  'example.text': 'account key',
  'example.text_hash': 'hash by the account',
  'inbox.identity_secret': 'account key',
  'label_look.found': 'account key; ids of texts, and words that groups of messages share',
  'message.body': 'contact key; sealed anew',
  'message.body_hash': 'hash by the account',
  'recovery_code.hash': 'hash by a key for people that follows from the installation key',
  'second_factor.secret': 'key for people that follows from the installation key',
  'webhook_delivery.answer':
    'contact key where it is about a contact, else account key; forgotten where a visitor’s things move',
  'webhook_endpoint.previous_secret': 'account key',
  'webhook_endpoint.secret': 'account key',
  'webhook_endpoint.url': 'account key',
}

let database: TestDatabase
let owner: Client
beforeAll(async () => {
  database = await createTestDatabase()
  owner = new Client({ connectionString: database.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner?.end()
  await database?.drop()
})

const columns = async () =>
  (
    await owner.query<{ name: string }>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND data_type = 'bytea' ORDER BY 1`,
    )
  ).rows.map(({ name }) => name)

test('the list is whole', async () => {
  expect(await columns()).toEqual(Object.keys(sealed).sort())
})

test('a planted column is seen', async () => {
  await owner.query('ALTER TABLE message ADD COLUMN planted bytea')
  expect(await columns()).not.toEqual(Object.keys(sealed).sort())
})
