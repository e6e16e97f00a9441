/** Files beside messages: stored sealed, sent once, seen by those who may, gone when nobody sent them. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { addNote } from '@/lib/flows/add-note'
import { attachAsMember, attachAsVisitor } from '@/lib/flows/attach-file'
import { labelLater } from '@/lib/flows/label-later'
import { listConversations } from '@/lib/flows/list-conversations'
import { openSession } from '@/lib/flows/open-session'
import { pruneAttachments } from '@/lib/flows/prune-attachments'
import { readAttachment, readVisitorAttachment } from '@/lib/flows/read-attachment'
import { readTranscript } from '@/lib/flows/read-conversation'
import { readThread } from '@/lib/flows/read-thread'
import { receiveMessage } from '@/lib/flows/receive-message'
import { reply } from '@/lib/flows/reply'
import type { Ctx } from '@/lib/platform/context'
import { DiskStorage } from '@/lib/platform/storage/storage.disk'
import { pdf, png } from '../../kit/sample-files'
import { codeOf, createKit, type Kit, type Shop } from '../settings/kit'

let kit: Kit
let folder: string
beforeAll(async () => {
  kit = await createKit()
  folder = await mkdtemp(join(tmpdir(), 'files-'))
  kit.services.storage = new DiskStorage(folder)
})
afterAll(async () => {
  await kit.close()
  await rm(folder, { recursive: true })
})

async function visit(shop: Shop = kit.shop): Promise<Ctx> {
  const outside = makeCtx(kit.services, { kind: 'system', reason: 'test' }, '', 'en')
  const opened = await openSession(outside, { siteKey: shop.siteKey, origin: undefined, host: undefined })
  const { contactId, sessionId } = opened
  return makeCtx(kit.services, { kind: 'visitor', contactId, sessionId, inboxId: shop.inboxId }, shop.accountId, 'en')
}
const photo = { name: '破损.png', bytes: png(640, 480) }
const put = async (visitor: Ctx, upload = photo) => (await attachAsVisitor(visitor, upload)).id
const send = (visitor: Ctx, attachments: string[], text = '', clientId = newId()) =>
  receiveMessage(visitor, { clientId, text, attachments })
const filesOnDisk = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) => each.isFile())

describe('a visitor sends a file', () => {
  test('both sides see it, and both get the same bytes', async () => {
    const visitor = await visit()
    const id = await put(visitor)
    const { received } = await send(visitor, [id], 'It came like this')
    const shown = { id, name: '破损.png', type: 'image/png', size: photo.bytes.length, width: 640, height: 480 }
    expect(await readThread(visitor, 0, 10)).toMatchObject([{ text: 'It came like this', attachments: [shown] }])
    const agent = kit.shop.as.agent
    const { messages } = await readTranscript(agent, { id: received.conversationId })
    expect(messages).toMatchObject([{ id: received.id, attachments: [shown] }])
    for (const file of [await readVisitorAttachment(visitor, id), await readAttachment(kit.shop.as.viewer, id)]) {
      expect(file).toMatchObject({ name: '破损.png', kind: 'png', type: 'image/png' })
      expect(file.bytes.equals(photo.bytes)).toBe(true)
    }
  })

  test('a file alone is a message: lists show its name, search finds it, and no label waits for it', async () => {
    const visitor = await visit()
    const { received } = await send(visitor, [await put(visitor, { ...photo, name: 'crumpled box.png' })])
    const find = () => listConversations(kit.shop.as.agent, { q: 'crumpled' })
    expect((await find()).rows).toMatchObject([{ id: received.conversationId, preview: '📎 crumpled box.png' }])
    const state = async () =>
      (await kit.owner.query('SELECT label_state, body FROM message WHERE id = $1', [received.id])).rows[0].label_state
    expect(await state()).toBe('pending')
    await labelLater(kit.services, (accountId) => ({
      ...makeCtx(kit.services, { kind: 'system', reason: 'test' }, accountId, 'en'),
      now: () => new Date(Date.now() + 60_000),
    }))
    expect(await state()).toBe('none')
  })

  test('messages without files have none', async () => {
    const visitor = await visit()
    const { received } = await receiveMessage(visitor, { clientId: newId(), text: 'hello' })
    expect((await readThread(visitor, 0, 10))[0]).not.toHaveProperty('attachments')
    const { messages } = await readTranscript(kit.shop.as.agent, { id: received.conversationId })
    expect(messages[0]?.attachments).toEqual([])
  })

  test('neither disk nor database holds anything readable', async () => {
    const visitor = await visit()
    const words = 'the secret of the tea'
    const id = await put(visitor, { name: 'secret recipe.txt', bytes: Buffer.from(words) })
    const [file] = (await filesOnDisk()).filter(({ name }) => name === id)
    const stored = await readFile(join(file?.parentPath ?? '', id))
    expect(stored.includes(words)).toBe(false)
    const { rows } = await kit.owner.query('SELECT name, attachment::text AS whole FROM attachment WHERE id = $1', [id])
    expect(rows[0].name.includes('recipe')).toBe(false)
    expect(rows[0].whole).not.toContain('recipe')
    // Changed on the disk, not one byte of it leaves.
    stored[stored.length - 20] = (stored[stored.length - 20] as number) ^ 1
    await writeFile(join(file?.parentPath ?? '', id), stored)
    await expect(readVisitorAttachment(visitor, id)).rejects.toThrow()
  })
})

describe('once and only once', () => {
  test('the same client id with the same files is the same message, ten times at once', async () => {
    const visitor = await visit()
    const ids = [await put(visitor), await put(visitor)]
    const clientId = newId()
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(visitor, ids, 'twice', clientId)))
    expect(new Set(answers.map(({ received }) => received.id)).size).toBe(1)
    const again = await send(visitor, ids.toReversed(), 'twice', clientId)
    expect(again).toEqual({ received: answers[0]?.received, repeated: true })
    const thread = await readThread(visitor, 0, 10)
    expect(thread.map(({ attachments }) => attachments?.map(({ id }) => id))).toEqual([ids])
  })

  test('other files or another text under it are refused and change nothing', async () => {
    const visitor = await visit()
    const [a, b] = [await put(visitor), await put(visitor)]
    const clientId = newId()
    await send(visitor, [a], 'first', clientId)
    expect(await codeOf(send(visitor, [a, b], 'first', clientId))).toBe('client_id_reused')
    expect(await codeOf(send(visitor, [b], 'first', clientId))).toBe('client_id_reused')
    expect(await codeOf(send(visitor, [a], 'other', clientId))).toBe('client_id_reused')
    expect(await codeOf(receiveMessage(visitor, { clientId, text: 'first' }))).toBe('client_id_reused')
    expect(await codeOf(send(visitor, [a], 'again'))).toBe('client_id_reused')
    const thread = await readThread(visitor, 0, 10)
    expect(thread.map(({ attachments }) => attachments?.map(({ id }) => id))).toEqual([[a]])
  })

  test('two that differ at the same moment: one is stored, the other refused', async () => {
    const visitor = await visit()
    const [id, clientId] = [await put(visitor), newId()]
    const codes = await Promise.all(['one', 'two'].map((text) => codeOf(send(visitor, [id], text, clientId))))
    expect(codes.toSorted()).toEqual(['client_id_reused', 'worked'])
    expect(await readThread(visitor, 0, 10)).toMatchObject([{ attachments: [{ id }] }])
  })

  test('a text sent first under the client id keeps no files', async () => {
    const visitor = await visit()
    const clientId = newId()
    await receiveMessage(visitor, { clientId, text: 'plain' })
    expect(await codeOf(send(visitor, [await put(visitor)], 'plain', clientId))).toBe('client_id_reused')
    expect((await readThread(visitor, 0, 10))[0]).not.toHaveProperty('attachments')
  })

  test('a send that was cut between claiming and storing is finished by the next try', async () => {
    const visitor = await visit()
    const id = await put(visitor)
    const clientId = newId()
    // The message is gone as if it had never been stored; the claim is there.
    const { received: lost } = await send(visitor, [id], '', clientId)
    await kit.owner.query('DELETE FROM message WHERE id = $1', [lost.id])
    expect(await readThread(visitor, 0, 10)).toEqual([])
    const { received, repeated } = await send(visitor, [id], '', clientId)
    expect([received.id, repeated]).toEqual([lost.id, false])
    expect((await readThread(visitor, 0, 10))[0]?.attachments).toHaveLength(1)
  })
})

describe('an agent answers with a file', () => {
  test('the visitor gets it; a note and what is not sent yet stay inside', async () => {
    const visitor = await visit()
    const { received } = await receiveMessage(visitor, { clientId: newId(), text: 'hello' })
    const id = received.conversationId
    const agent = kit.shop.as.agent
    const invoice = { id, name: 'invoice.pdf', bytes: pdf() }
    const [sent, noted, unsent] = [
      (await attachAsMember(agent, invoice)).id,
      (await attachAsMember(agent, invoice)).id,
      (await attachAsMember(agent, invoice)).id,
    ]
    const draft = { id, clientId: newId(), text: '', attachments: [sent] }
    const first = await reply(agent, draft)
    expect(await reply(agent, draft)).toEqual({ ...first, repeated: true })
    expect(await codeOf(reply(agent, { ...draft, attachments: [unsent] }))).toBe('client_id_reused')
    await addNote(agent, { id, clientId: newId(), text: 'for us', attachments: [noted] })
    expect((await readThread(visitor, 0, 10)).at(-1)?.attachments).toMatchObject([
      { id: sent, name: 'invoice.pdf', type: 'application/pdf' },
    ])
    expect((await readVisitorAttachment(visitor, sent)).bytes.equals(invoice.bytes)).toBe(true)
    for (const hidden of [noted, unsent]) expect(await codeOf(readVisitorAttachment(visitor, hidden))).toBe('not_found')
    expect((await readAttachment(kit.shop.as.viewer, noted)).name).toBe('invoice.pdf')
    // Sent already; of a colleague; of the visitor: none of these is this agent's to send.
    const others = [sent, (await attachAsMember(kit.shop.as.owner, invoice)).id, await put(visitor)]
    for (const other of others)
      expect(await codeOf(reply(agent, { ...draft, clientId: newId(), attachments: [other] }))).toBe(
        'attachment_missing',
      )
    expect(await codeOf(attachAsMember(kit.shop.as.viewer, invoice))).toBe('forbidden')
  })

  test('a file brought for one visitor cannot go to another', async () => {
    const [one, two] = [await visit(), await visit()]
    const ids = []
    for (const visitor of [one, two])
      ids.push((await receiveMessage(visitor, { clientId: newId(), text: 'hi' })).received.conversationId)
    const agent = kit.shop.as.agent
    const file = await attachAsMember(agent, { id: ids[0] as string, ...photo })
    const draft = { id: ids[1] as string, clientId: newId(), text: 'here', attachments: [file.id] }
    expect(await codeOf(reply(agent, draft))).toBe('attachment_missing')
    expect(await readThread(two, 0, 10)).toHaveLength(1)
  })
})

describe('nobody else', () => {
  test('another visitor neither reads nor sends it, another account neither', async () => {
    const [visitor, stranger] = [await visit(), await visit()]
    const id = await put(visitor)
    expect(await codeOf(readVisitorAttachment(stranger, id))).toBe('not_found')
    expect(await codeOf(send(stranger, [id], 'mine'))).toBe('attachment_missing')
    const { received } = await send(visitor, [id])
    expect(await codeOf(readVisitorAttachment(stranger, id))).toBe('not_found')
    expect(await codeOf(readAttachment(kit.rival.as.owner, id))).toBe('not_found')
    expect(await codeOf(readVisitorAttachment(await visit(kit.rival), id))).toBe('not_found')
    expect(await codeOf(attachAsMember(kit.rival.as.owner, { id: received.conversationId, ...photo }))).toBe(
      'not_found',
    )
  })

  test('what is refused leaves neither row nor file', async () => {
    const visitor = await visit()
    const before = (await filesOnDisk()).length
    const bytes = Buffer.from('<html><script>alert(1)</script>')
    expect(await codeOf(attachAsVisitor(visitor, { name: 'photo.png', bytes }))).toBe('attachment_type')
    const { rows } = await kit.owner.query('SELECT 1 FROM attachment WHERE contact_id = $1', [
      (visitor.actor as { contactId: string }).contactId,
    ])
    expect([rows.length, (await filesOnDisk()).length]).toEqual([0, before])
  })

  test('nobody keeps more than twenty that they do not send', async () => {
    const visitor = await visit()
    for (let i = 0; i < 20; i++) await put(visitor)
    expect(await codeOf(put(visitor))).toBe('too_many_unsent')
    const another = await visit()
    const codes = await Promise.all(Array.from({ length: 30 }, () => codeOf(put(another))))
    expect(codes.filter((code) => code === 'too_many_unsent')).toHaveLength(10)
  })
})

describe('what was never sent', () => {
  const later = (hours: number) => (accountId: string) => ({
    ...makeCtx(kit.services, { kind: 'system', reason: 'test' }, accountId, 'en'),
    now: () => new Date(Date.now() + hours * 3_600_000),
  })

  test('cannot be sent after a day and is removed soon after, file and row; what was sent stays', async () => {
    const visitor = await visit(kit.rival)
    const [sent, forgotten, cut] = [await put(visitor), await put(visitor), await put(visitor)]
    await send(visitor, [sent])
    await kit.owner.query('UPDATE attachment SET message_id = $1 WHERE id = $2', [newId(), cut])
    await pruneAttachments(kit.services, later(24.5))
    expect((await readVisitorAttachment(visitor, forgotten)).kind).toBe('png')
    const tomorrow = { ...visitor, now: later(24.5)('').now }
    expect(await codeOf(send(tomorrow, [forgotten]))).toBe('attachment_missing')
    await pruneAttachments(kit.services, later(25.5))
    const names = (await filesOnDisk()).map(({ name }) => name)
    const { rows } = await kit.owner.query('SELECT id FROM attachment WHERE account_id = $1', [kit.rival.accountId])
    expect(rows.map(({ id }) => id)).toEqual([sent])
    expect([sent, forgotten, cut].map((id) => names.includes(id))).toEqual([true, false, false])
    expect(await pruneAttachments(kit.services, later(25.5))).toBe(0)
  })
})
