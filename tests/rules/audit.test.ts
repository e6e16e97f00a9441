/** What admins and owners do is in the audit log: a flow that asks for their rights writes an entry, or says here why not. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { permissions } from '@/lib/features/accounts/permissions'
import type { Role } from '@/lib/platform/context'

/** Flows that change nothing, or whose act is written by the flow they call. */
const without: Record<string, string> = {
  'compare-version.ts': 'shows answers of two models; stores nothing',
  'preview-change.ts': 'says what a change would cost; makes none',
  'keep-label.ts': 'a word about one label, as corrections are; its row says who and when',
}

/** Rights that agents do not have. */
const reserved = Object.entries(permissions).flatMap(([name, roles]) =>
  (roles as readonly Role[]).includes('agent') ? [] : [name],
)
const asksForRights = new RegExp(`requireMember\\(ctx, (?:${reserved.join('|')})\\b`)
const writes = /\brecord\(|\brecordForPerson\(/

const faultsOf = (name: string, source: string): string[] =>
  asksForRights.test(source) && !writes.test(source) && !name.startsWith('read-') && !without[name]
    ? [`${name} asks for an admin's rights and writes no entry`]
    : []

test('every act of admins and owners is written down', () => {
  const names = readdirSync('lib/flows')
  expect(names.flatMap((name) => faultsOf(name, readFileSync(`lib/flows/${name}`, 'utf8')))).toEqual([])
  expect(names.filter((name) => writes.test(readFileSync(`lib/flows/${name}`, 'utf8'))).length).toBeGreaterThan(25)
})

test('the fence bites', () => {
  for (const right of ['canManageAccount', 'canRequireSecondFactor', 'canConsent', 'canExport', 'canDeleteAccount'])
    expect(faultsOf('wipe.ts', `requireMember(ctx, ${right})\nawait wipe(tx)`)).toHaveLength(1)
  for (const right of ['canReply', 'canCorrect', 'canManage'])
    expect(faultsOf('say.ts', `requireMember(ctx, ${right})\nawait say(tx)`)).toEqual([])
})
