/** Inboxes: settings that widgets obey at once, secrets that are shown once and can be put back; never across accounts. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { readSiteKey } from '@/lib/core/site-key'
import { inboxChange, inboxDraft } from '@/lib/features/inboxes/input'
import { archiveInbox, restoreInbox } from '@/lib/flows/archive-inbox'
import { createInbox } from '@/lib/flows/create-inbox'
import { openSession } from '@/lib/flows/open-session'
import { readInboxes } from '@/lib/flows/read-inboxes'
import { rotateIdentitySecret } from '@/lib/flows/rotate-identity-secret'
import { takeBack } from '@/lib/flows/take-back'
import { updateInbox } from '@/lib/flows/update-inbox'
import type { MemberActor } from '@/lib/platform/context'
import { codeOf, createKit, type Kit, newsOf } from './kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

const visit = (siteKey: string, origin?: string, identity?: { userId: string; signature: string }) =>
  openSession(makeCtx(kit.services, { kind: 'system', reason: 'test' }, '', 'en'), {
    siteKey,
    origin,
    identity,
    host: 'desk.example',
  })
const sign = (secret: string, userId: string) => ({
  userId,
  signature: createHmac('sha256', secret).update(userId).digest('hex'),
})

describe('inboxes', () => {
  test('a new one has a key of this account and a secret that signs', async () => {
    const made = await createInbox(
      kit.shop.as.owner,
      inboxDraft.parse({ name: 'Second', accent: '#0072B2', reopenDays: 3 }),
    )
    expect(readSiteKey(made.siteKey)).toBe(kit.shop.accountId)
    const { inboxes } = await readInboxes(kit.shop.as.viewer)
    const listed = inboxes.find((inbox) => inbox.id === made.id)
    expect(listed).toMatchObject({
      name: 'Second',
      accent: '#0072b2',
      reopenDays: 3,
      allowedOrigins: [],
      archivedAt: null,
    })
    expect(JSON.stringify(inboxes)).not.toContain(made.identitySecret)
    expect(listed).not.toHaveProperty('identitySecret')
    await visit(made.siteKey, undefined, sign(made.identitySecret, 'u1'))
    expect(await codeOf(visit(made.siteKey, undefined, sign('guessed', 'u1')))).toBe('identity_invalid')
    expect(await newsOf(kit, kit.shop)).toContain('inbox.updated')
  })

  test('allowed origins hold for the very next visitor', async () => {
    const { inboxId: id, siteKey } = kit.shop
    const change = inboxChange.parse({
      allowedOrigins: ['HTTPS://Shop.Example/', 'https://shop.example', 'http://localhost:8080'],
    })
    expect(change.allowedOrigins).toEqual(['https://shop.example', 'http://localhost:8080'])
    expect(await codeOf(visit(siteKey, 'https://elsewhere.example'))).toBe('worked')
    await updateInbox(kit.shop.as.admin, { id, ...change })
    expect(await codeOf(visit(siteKey, 'https://elsewhere.example'))).toBe('foreign_origin')
    expect(await codeOf(visit(siteKey, 'https://shop.example'))).toBe('worked')
    expect(await codeOf(visit(siteKey, 'http://shop.example'))).toBe('foreign_origin')
    await updateInbox(kit.shop.as.admin, { id, allowedOrigins: [] })
    expect(await codeOf(visit(siteKey, 'https://elsewhere.example'))).toBe('worked')
  })

  test('archived inboxes fall silent and come back', async () => {
    const { id, siteKey } = await createInbox(kit.shop.as.owner, { name: 'Brief' })
    await archiveInbox(kit.shop.as.owner, { id })
    expect(await codeOf(visit(siteKey))).toBe('unknown_site_key')
    expect((await readInboxes(kit.shop.as.owner)).inboxes.at(-1)).toMatchObject({ id, name: 'Brief' })
    await restoreInbox(kit.shop.as.owner, { id })
    expect(await codeOf(visit(siteKey))).toBe('worked')
  })

  test('a new secret ends the old signatures; undo brings them back', async () => {
    const { id, siteKey, identitySecret: first } = await createInbox(kit.shop.as.owner, { name: 'Signed' })
    const { identitySecret: second, undoId } = await rotateIdentitySecret(kit.shop.as.owner, { id })
    expect(second).not.toBe(first)
    expect(await codeOf(visit(siteKey, undefined, sign(first, 'u')))).toBe('identity_invalid')
    expect(await codeOf(visit(siteKey, undefined, sign(second, 'u')))).toBe('worked')
    const { rows } = await kit.owner.query('SELECT data::text FROM undo WHERE id = $1', [undoId])
    expect(rows[0].data).not.toContain(first)
    // Whoever made the change and manages inboxes no longer cannot bring the old secret back.
    const demoted = { ...kit.shop.as.owner, actor: { ...kit.shop.as.owner.actor, role: 'agent' } as MemberActor }
    expect(await codeOf(takeBack(demoted, { id: undoId }))).toBe('forbidden')
    await takeBack(kit.shop.as.owner, { id: undoId })
    expect(await codeOf(visit(siteKey, undefined, sign(first, 'u')))).toBe('worked')
    expect(await codeOf(visit(siteKey, undefined, sign(second, 'u')))).toBe('identity_invalid')
  })

  test('only managers, only their own', async () => {
    const { inboxId: id } = kit.shop
    for (const ctx of [kit.shop.as.agent, kit.shop.as.viewer]) {
      expect(await codeOf(createInbox(ctx, { name: 'x' }))).toBe('forbidden')
      expect(await codeOf(updateInbox(ctx, { id, name: 'x' }))).toBe('forbidden')
      expect(await codeOf(rotateIdentitySecret(ctx, { id }))).toBe('forbidden')
    }
    expect(await codeOf(updateInbox(kit.rival.as.owner, { id, name: 'x' }))).toBe('not_found')
    expect(await codeOf(archiveInbox(kit.rival.as.owner, { id }))).toBe('not_found')
    expect(await codeOf(rotateIdentitySecret(kit.rival.as.owner, { id }))).toBe('not_found')
    expect((await readInboxes(kit.rival.as.owner)).inboxes.map((inbox) => inbox.id)).toEqual([kit.rival.inboxId])
  })

  test('settings that could harm are refused', () => {
    const bad: object[] = [
      { allowedOrigins: ['https://a.example; script-src *'] },
      { allowedOrigins: ['https://a.example/path'] },
      { allowedOrigins: ['*'] },
      { accent: 'red' },
      { accent: '#fff' },
      { reopenDays: -1 },
      { reopenDays: 1.5 },
      { texts: { fr: { greeting: 'x' } } },
      { texts: { en: { greeting: 'x'.repeat(301) } } },
      { name: ' ' },
      { siteKey: 'x' },
      {},
    ]
    for (const change of bad) expect(inboxChange.safeParse(change).success, JSON.stringify(change)).toBe(false)
  })
})
