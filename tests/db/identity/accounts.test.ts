/** Signing up: what a new account starts with, and what is refused. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSiteKey } from '@/lib/core/site-key'
import { createAccount } from '@/lib/flows/create-account'
import { readMe } from '@/lib/flows/read-me'
import { signUp } from '@/lib/flows/sign-up'
import { switchAccount } from '@/lib/flows/switch-account'
import { inAccount } from '@/lib/platform/db/in-account'
import { createKit, goodPassword, type Kit, newAddress, newPerson } from './kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

const input = { name: 'Ada', email: 'ada@example.com', password: goodPassword, accountName: 'Shop' }

test('the first person runs the installation, of many at once exactly one; the next do not', async () => {
  const people = await Promise.all(
    Array.from({ length: 5 }, (_, i) => signUp(kit.ctx(), { ...input, email: `first${i}@example.com` }, newAddress())),
  )
  const rows = await kit.services.database.system.user.findMany({
    where: { id: { in: people.map((each) => each.userId) } },
  })
  expect(rows.filter((row) => row.operator)).toHaveLength(1)
})

test('an account starts with an owner, a wrapped key, an inbox and routing rules', async () => {
  const { userId, slug } = await signUp(
    kit.ctx(),
    { ...input, accountName: 'Bücher & Mehr', timeZone: 'Europe/Berlin' },
    newAddress(),
  )
  expect(slug).toBe('bucher-mehr')
  const account = await kit.services.database.system.account.findUniqueOrThrow({
    where: { slug },
    select: { id: true },
  })
  const ctx = kit.ctx(undefined, account.id)
  await inAccount(ctx, async (tx) => {
    const { key, ...settings } = await tx.account.findFirstOrThrow()
    expect(settings).toMatchObject({ name: 'Bücher & Mehr', timeZone: 'Europe/Berlin' })
    const vault = kit.services.vault.account(account.id, key)
    expect(await tx.membership.findMany()).toMatchObject([{ userId, role: 'owner', disabledAt: null }])
    const [inbox] = await tx.inbox.findMany()
    expect(readSiteKey(inbox?.siteKey ?? '')).toBe(account.id)
    expect(vault.open(inbox?.identitySecret ?? new Uint8Array(), `${inbox?.id} identity`)).toMatch(/^[\w-]{43}$/)
    expect(await tx.routingRule.count()).toBeGreaterThan(0)
  })
})

test('what a new account starts with is named in the language of whoever opens it', async () => {
  const ctx = { ...kit.ctx(), locale: 'zh-CN' as const }
  const { slug } = await signUp(ctx, { ...input, email: 'mei@example.com', accountName: 'Tea' }, newAddress())
  const { id } = await kit.services.database.system.account.findUniqueOrThrow({ where: { slug }, select: { id: true } })
  const rules = await inAccount(kit.ctx(undefined, id), (tx) =>
    tx.routingRule.findMany({ orderBy: { position: 'asc' } }),
  )
  expect(rules.map((rule) => rule.name)).toEqual(['不满且紧急', '不满'])
})

test('the same name twice gives another slug; many at once never the same', async () => {
  const people = await Promise.all(Array.from({ length: 8 }, () => newPerson(kit, 'Ada', 'Twins')))
  const slugs = people.map((person) => person.slug)
  expect(new Set(slugs).size).toBe(8)
  expect(slugs).toContain('twins')
  expect(slugs.every((slug) => /^twins(-[a-z0-9]+)?$/.test(slug))).toBe(true)
})

test('names of our own pages are never slugs', async () => {
  const owner = await newPerson(kit)
  const ctx = kit.ctx({ kind: 'user', userId: owner.userId })
  for (const name of ['API', 'sign-in', 'Widget', 'demo', 'Operator', 'invite']) {
    expect((await createAccount(ctx, { name })).slug).toMatch(/-desk(-\d+)?$/)
  }
  expect((await createAccount(ctx, { name: '灵犀小店' })).slug).toMatch(/^desk-[a-z0-9]{5}$/)
  await expect(createAccount(ctx, { name: '   ' })).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(createAccount(kit.ctx(), { name: 'x' })).rejects.toMatchObject({ code: 'not_signed_in' })
})

test('an address belongs to one person however it is spelled; weak passwords and non-addresses are refused', async () => {
  const ada = await newPerson(kit)
  for (const email of [ada.email, ada.email.toUpperCase(), ada.email.replace('@', '＠'), ` ${ada.email} `]) {
    await expect(signUp(kit.ctx(), { ...input, email }, newAddress())).rejects.toMatchObject({ code: 'email_taken' })
  }
  for (const email of ['nobody', 'a@b@c.de', 'a@b', '']) {
    await expect(signUp(kit.ctx(), { ...input, email }, newAddress())).rejects.toMatchObject({ code: 'email_invalid' })
  }
  for (const password of ['short', 'password123', 'aaaaaaaaaaaa', '12345678901234', 'weak@example.com']) {
    const weak = signUp(kit.ctx(), { ...input, email: 'weak@example.com', password }, newAddress())
    await expect(weak).rejects.toMatchObject({ code: 'password_weak' })
  }
})

test('the account opened last comes first; another’s account cannot be opened', async () => {
  const ada = await newPerson(kit)
  const bob = await newPerson(kit, 'Bob', 'Bob’s')
  const ctx = kit.ctx({ kind: 'user', userId: ada.userId })
  const second = await createAccount(ctx, { name: 'Second' })
  expect((await readMe(ctx)).home).toBe(ada.slug)
  await switchAccount(ctx, { slug: second.slug })
  expect((await readMe(ctx)).home).toBe(second.slug)
  await expect(switchAccount(ctx, { slug: bob.slug })).rejects.toMatchObject({ code: 'not_found' })
})

test('twenty accounts an hour from one address', async () => {
  const address = newAddress()
  for (let i = 0; i < 20; i++) {
    await signUp(kit.ctx(), { ...input, email: `many${i}@example.com` }, address).catch((error) =>
      expect(error.code).not.toBe('rate_limited'),
    )
  }
  await expect(signUp(kit.ctx(), { ...input, email: 'many20@example.com' }, address)).rejects.toMatchObject({
    code: 'rate_limited',
  })
})
