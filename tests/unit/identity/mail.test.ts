/** Mails in words: complete in both languages, nothing from outside becomes markup or a header. */
import { describe, expect, test } from 'vitest'
import { composeMail, type MailKind } from '@/lib/features/mail/compose'
import { withoutSecrets } from '@/lib/features/mail/secrets'

const facts = { name: 'Ada', minutes: 15, inviter: 'Bob', account: 'Shop', role: 'agent', days: 7 }
const kinds: MailKind[] = ['signIn', 'reset', 'confirm', 'invite', 'passwordChanged']

describe.each(['en', 'zh-CN'] as const)('%s', (locale) => {
  test.each(kinds)('%s has a subject, a text and a page without gaps', (kind) => {
    const link = kind === 'passwordChanged' ? null : 'https://desk.example/sign-in/link/abc'
    const { subject, text, html } = composeMail(locale, kind, facts, link)
    for (const part of [subject, text, html]) {
      expect(part.length).toBeGreaterThan(4)
      expect(part).not.toMatch(/\{\w+\}|undefined|mail\.\w/)
    }
    if (link) expect([text.includes(link), html.includes(`href="${link}"`)]).toEqual([true, true])
    else expect(html).not.toContain('href')
    expect(html).toContain(`lang="${locale}"`)
  })
})

test('names are text: no markup, no second header', () => {
  const evil = { ...facts, inviter: '<img src=x onerror=alert(1)>\r\nBcc: a@b.c', account: '"><script>x</script>' }
  const { subject, html } = composeMail('en', 'invite', evil, 'https://desk.example/invite/t')
  expect(subject).not.toMatch(/[\r\n]/)
  expect(html).not.toMatch(/<img|<script/)
})

test('the secret part of a link is blotted out', () => {
  const token = 'abcdefghijklmnopqrstuvwxyz012345'
  for (const path of ['sign-in/link', 'sign-in/confirm', 'reset', 'invite']) {
    expect(withoutSecrets(`go https://x.test/${path}/${token} now`)).toBe(`go https://x.test/${path}/… now`)
  }
})
