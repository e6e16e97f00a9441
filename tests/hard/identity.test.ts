/** Guessing passwords at scale, what an answer tells about people, and what the database keeps of secrets. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { hashPassword } from '@/lib/features/identity/password'
import { acceptInvitation, joinAsNewPerson } from '@/lib/flows/accept-invitation'
import { changePlan } from '@/lib/flows/change-plan'
import { confirmAddress } from '@/lib/flows/confirm-address'
import { inviteMember } from '@/lib/flows/invite-member'
import { requestLink } from '@/lib/flows/request-link'
import { resetPassword } from '@/lib/flows/reset-password'
import { signIn } from '@/lib/flows/sign-in'
import { signInByLink } from '@/lib/flows/sign-in-by-link'
import {
  Browser,
  createKit,
  goodPassword,
  type Kit,
  listen,
  mailedToken,
  newAddress,
  newPerson,
  type TestServer,
} from '../db/identity/kit'
import { Team } from '../db/identity/team'
import { amount, held } from '../kit/guarantee'
import { holding } from './access/ledger'

let kit: Kit
let server: TestServer
let owner: pg.Client
beforeAll(async () => {
  kit = await createKit({ LINGXI_TRUST_PROXY: '1' })
  server = await listen(kit)
  owner = new pg.Client({ connectionString: kit.database.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await server.close()
  await kit.close()
})

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'worked',
    (error: { code?: string }) => error.code ?? String(error),
  )

/** People with one and the same password: made without asking the flow, since hashing for each takes long. */
async function people(count: number): Promise<string[]> {
  const hash = await hashPassword(goodPassword)
  const made: string[] = []
  for (let at = 0; at < count; at++) {
    const id = newId()
    const sql = 'INSERT INTO "user" (id, email, name, password_hash) VALUES ($1, $2, $3, $4)'
    await owner.query(sql, [id, `${id}@people.example`, 'Somebody', hash])
    made.push(`${id}@people.example`)
  }
  return made
}

const outcomes = async (tries: readonly (() => Promise<unknown>)[]): Promise<Record<string, number>> => {
  const seen: Record<string, number> = {}
  for (const one of tries) {
    const code = await codeOf(one())
    seen[code] = (seen[code] ?? 0) + 1
  }
  return seen
}

describe('credential stuffing', () => {
  test('a person has ten guesses in a quarter of an hour, from however many addresses, and the right one comes too late', async () => {
    const targets = await people(amount(20, 2))
    const spellings = [
      (email: string) => email,
      (email: string) => email.toUpperCase(),
      (email: string) => email.replace('@', '＠'),
      (email: string) => ` ${email} `,
    ]
    const seen = await outcomes(
      targets.flatMap((email) =>
        Array.from({ length: 40 }, (_, at) => () => {
          // Each from an address of its own, spelled in turns; the right password is the eleventh on the list.
          const spelled = spellings[at % spellings.length]?.(email) ?? email
          return signIn(
            kit.ctx(),
            { email: spelled, password: at >= 10 ? goodPassword : `guess number ${at}` },
            newAddress(),
          )
        }),
      ),
    )
    expect(seen).toEqual({ sign_in_failed: targets.length * 10, rate_limited: targets.length * 30 })
    held(
      '7 guesses per person',
      `${targets.length * 40} guesses at ${targets.length} people from ${targets.length * 40} addresses: ${targets.length * 10} looked at, 0 got in`,
    )
  })

  test('an address has sixty guesses, at however many people, known or not', async () => {
    const addresses = Array.from({ length: amount(4, 1) }, newAddress)
    const targets = await people(50)
    const seen = await outcomes(
      addresses.flatMap((address) =>
        Array.from(
          { length: 150 },
          (_, at) => () =>
            signIn(
              kit.ctx(),
              { email: at % 2 ? (targets[at % 50] as string) : `nobody${at}@people.example`, password: `guess ${at}` },
              address,
            ),
        ),
      ),
    )
    expect(seen).toEqual({ sign_in_failed: addresses.length * 60, rate_limited: addresses.length * 90 })
    held(
      '7 guesses per address',
      `${addresses.length * 150} guesses from ${addresses.length} addresses: ${addresses.length * 60} looked at, 0 got in`,
    )
  })

  test('passwords, links, resets and invitations share the address’s guesses', async () => {
    const address = newAddress()
    const doors = [
      (at: number) => signIn(kit.ctx(), { email: `x${at}@people.example`, password: 'some guess' }, address),
      (at: number) => signInByLink(kit.ctx(), { token: `guess${at}` }, address),
      (at: number) => resetPassword(kit.ctx(), { token: `guess${at}`, password: goodPassword }, address),
      (at: number) => joinAsNewPerson(kit.ctx(), { token: `guess${at}`, name: 'x', password: goodPassword }, address),
    ]
    const seen = await outcomes(
      Array.from({ length: 80 }, (_, at) => () => doors[at % doors.length]?.(at) ?? Promise.resolve()),
    )
    expect(seen.rate_limited).toBe(20)
    expect(seen.worked).toBeUndefined()
  })
})

describe('what an answer tells', () => {
  /** Everything a browser gets for a sign-in, but for what differs by chance. */
  async function answerTo(email: string, password: string): Promise<string> {
    const one = new Browser(server.origin)
    const { body } = await one.json<{ csrfToken: string }>('GET', '/api/auth/csrf')
    const headers = { 'x-forwarded-for': newAddress() }
    const answer = await one.fetch(
      'POST',
      '/api/auth/callback/password',
      { email, password, csrfToken: body.csrfToken, json: 'true' },
      headers,
    )
    const kept = [...answer.headers].filter(([name]) => !['date', 'set-cookie'].includes(name))
    return JSON.stringify([answer.status, kept, await answer.text()]).replaceAll(server.origin, 'site')
  }

  test('a wrong password, nobody, a person without a password and a disabled one get the same bytes', async () => {
    const [known, disabled, without] = (await people(3)) as [string, string, string]
    await owner.query('UPDATE "user" SET disabled_at = now() WHERE email = $1', [disabled])
    await owner.query('UPDATE "user" SET password_hash = NULL WHERE email = $1', [without])
    const answers = new Set<string>()
    for (const email of [known, disabled, without, 'nobody@people.example'])
      answers.add(await answerTo(email, 'not the password'))
    expect([...answers]).toHaveLength(1)
    expect([...answers][0]).toContain('sign_in_failed')
    // It is no constant: who has the password hears more.
    expect(answers.has(await answerTo(disabled, goodPassword))).toBe(false)
  })

  /** Processor time of a try, microseconds: waiting for other programs does not count. Median of some, in turns. */
  async function work(tries: readonly (() => Promise<unknown>)[]): Promise<number[]> {
    const times = tries.map((): number[] => [])
    for (let round = 0; round < 9; round++)
      for (const [at, one] of tries.entries()) {
        const before = process.cpuUsage()
        await one().catch(() => {})
        const { user, system } = process.cpuUsage(before)
        times[at]?.push(user + system)
      }
    return times.map((each) => each.sort((a, b) => a - b)[4] ?? 0)
  }

  test('and cost about the same work', async () => {
    const known = await people(9)
    let [at, turn] = [0, 0]
    const attempt = (email: string) => signIn(kit.ctx(), { email, password: 'not the password' }, newAddress())
    const [right = 0, nobody = 0, looked = 0] = await work([
      () => attempt(known[at++] as string),
      () => attempt(`nobody${turn++}@people.example`),
      // The control: what it would cost if unknown people were answered at once.
      () => kit.services.database.system.user.findUnique({ where: { email: 'nobody@people.example' } }),
    ])
    expect(Math.max(right, nobody) / Math.min(right, nobody)).toBeLessThan(2)
    expect(right / looked).toBeGreaterThan(2)
    held(
      '7 unknown people',
      `same bytes for 4 kinds of people; work ${Math.round(right / 1_000)} ms known, ${Math.round(nobody / 1_000)} ms unknown, ${(looked / 1_000).toFixed(1)} ms if only looked up`,
    )
  })
})

describe('secrets sent by mail', () => {
  test('work once, of many uses at once exactly one, and the database keeps their hashes', async () => {
    const team = await Team.make(kit)
    await changePlan(team.account, { plan: 'business', interval: 'month', currency: 'usd' })
    const again = amount(20, 4)
    const ask = async (purpose: 'sign_in' | 'reset', path: string): Promise<string> => {
      await requestLink(kit.ctx(), { email: team.owner.email, purpose }, newAddress())
      return mailedToken(kit, team.owner.email, path)
    }
    const invite = async (email: string): Promise<string> => {
      await inviteMember(team.account, { email, role: 'agent' })
      return mailedToken(kit, email, '/invite')
    }
    const invited = await newPerson(kit, 'Invited', 'Elsewhere')
    const asInvited = kit.ctx({ kind: 'user', userId: invited.userId })
    const asOwner = kit.ctx({ kind: 'user', userId: team.owner.userId })
    const tokens: [string, string, (token: string) => Promise<unknown>][] = [
      [
        'verify',
        await mailedToken(kit, team.owner.email, '/sign-in/confirm'),
        (token) => confirmAddress(asOwner, { token }),
      ],
      ['sign_in', await ask('sign_in', '/sign-in/link'), (token) => signInByLink(kit.ctx(), { token }, newAddress())],
      [
        'reset',
        await ask('reset', '/reset'),
        (token) => resetPassword(kit.ctx(), { token, password: 'quiet copper lantern' }, newAddress()),
      ],
      [
        'invitation, new',
        await invite('new@invited.example'),
        (token) => joinAsNewPerson(kit.ctx(), { token, name: 'New', password: goodPassword }, newAddress()),
      ],
      ['invitation, known', await invite(invited.email), (token) => acceptInvitation(asInvited, { token })],
    ]
    // Once a mail has gone out its links are blotted out; here nothing sends, so the queue is emptied by hand.
    await owner.query('DELETE FROM mail')
    for (const [what, token, use] of tokens) {
      expect(await holding(owner, [token]), what).toEqual([])
      const results = await Promise.all(Array.from({ length: again }, () => codeOf(use(token))))
      expect(
        results.filter((each) => each === 'worked'),
        `${what}: ${results}`,
      ).toHaveLength(1)
      expect(await codeOf(use(token)), what).not.toBe('worked')
    }
    held(
      '7 mailed secrets',
      `${tokens.length} kinds × ${again} uses at once: 1 worked of each, 0 again later, 0 kept in clear`,
    )
  })
})
