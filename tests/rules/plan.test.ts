/** What a plan counts is asked about where it is added, and nothing reaches a flow around the border, which keeps an unpaid desk as it is. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

/** What adds to something that a plan counts, or takes along what not every plan has, and the question that must be asked for it. */
const asked: { does: RegExp; asks: RegExp; flows: string[] }[] = [
  { does: /\baddRun\(/, asks: /\bwithinPlan\(tx, ctx, 'trainings'\)/, flows: ['start-training.ts'] },
  {
    does: /\baddIntent\(|\bensureIntents\(/,
    asks: /[wW]ithinPlan\(tx, ctx, 'intents'/,
    flows: ['change-examples.ts', 'change-intents.ts', 'label-messages.ts'],
  },
  { does: /\baddInvitation\(/, asks: /\bwithinPlan\(tx, ctx, 'seats'\)/, flows: ['invite-member.ts'] },
  { does: /\buseInvitation\(/, asks: /\bmayJoin\(tx, ctx\)/, flows: ['accept-invitation.ts'] },
  { does: /\bparquetWriteBuffer\(|\bwriteCard\(/, asks: /\brequireFeature\(/, flows: ['export-examples.ts'] },
  { does: /\bfindEntries\(|\bfollowEntries\(/, asks: /\brequireFeature\(tx, ctx, 'audit'\)/, flows: ['read-audit.ts'] },
  {
    does: /\baddOrder\(/,
    asks: /\bmodelStanding\(tx, own\)\) === 'none'\) throw new AppError\('service_missing'\)/,
    flows: ['order-training.ts'],
  },
]

/** The same word with another case of its first letter would be another function: names are compared as they are. */
const flowsThat = (does: RegExp): string[] =>
  readdirSync('lib/flows').filter((name) => does.test(readFileSync(`lib/flows/${name}`, 'utf8')))

const doors = ['lib/border', 'lib/flows']
/** Files of the product outside those that call a flow, each with why an unpaid desk stays as it is. */
const around: Record<string, string> = {
  'app/(site)/accounts/page.tsx read-me': 'reads who is signed in',
  'app/(site)/invite/[token]/page.tsx accept-invitation': 'shows an invitation; it is accepted by the API',
  'app/(site)/sign-in/two-step/page.tsx read-me': 'reads who is signed in',
  'lib/cli/import-account.ts import-account': 'the operator brings a whole account in',
  'lib/cli/reset-second-factor.ts reset-second-factor': 'the operator lets a person in again',
  'lib/cli/seed.ts seed-demo': 'fills a new installation',
  'lib/cli/training/account.ts start-training': 'the operator’s own command; the flow asks the plan',
  'lib/cli/worker.ts jobs': 'the product’s own work; it changes nothing in members’ names',
}

/** "file flow" for each import that is more than a type. */
function callsOf(file: string, source: string): string[] {
  const imports = source.matchAll(
    /import\s+(type\s+)?([^;'"]*?)\s+from\s+['"](?:@\/lib|(?:\.\.\/)+)\/?flows\/([\w-]+)['"]/g,
  )
  return [...imports].flatMap(([, type, names = '', flow]) => {
    const values = names
      .replace(/[{}]/g, '')
      .split(',')
      .filter((name) => name.trim() && !/^\s*type\s/.test(name))
    return type || !values.length ? [] : `${file} ${flow}`
  })
}

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && /\.tsx?$/.test(one.name))
    .map(({ parentPath, name }) => `${parentPath}/${name}`)

describe('plans', () => {
  test('flows that add what a plan counts, or hand out what it includes, ask it', () => {
    for (const { does, asks, flows } of asked) {
      expect(flowsThat(does), String(does)).toEqual(flows)
      for (const name of flows) expect(readFileSync(`lib/flows/${name}`, 'utf8'), name).toMatch(asks)
    }
  })

  test('nobody calls a flow around the border, and pages have no actions of their own', () => {
    const outside = [...files('app'), ...files('lib')].filter(
      (file) => !doors.some((door) => file.startsWith(`${door}/`)),
    )
    const sources = outside.map((file) => [file, readFileSync(file, 'utf8')] as const)
    expect(sources.flatMap(([file, source]) => callsOf(file, source)).sort()).toEqual(Object.keys(around).sort())
    expect(sources.filter(([, source]) => /^\s*['"]use server['"]/m.test(source))).toEqual([])
  })

  test('the fence bites', () => {
    expect(callsOf('a.tsx', "import { reply } from '@/lib/flows/reply'")).toEqual(['a.tsx reply'])
    expect(callsOf('a.ts', "import {\n  type Sent,\n  reply,\n} from '../flows/reply'")).toEqual(['a.ts reply'])
    expect(callsOf('a.tsx', "import type { Sent } from '@/lib/flows/reply'")).toEqual([])
    expect(callsOf('a.tsx', "import { type Sent } from '@/lib/flows/reply'")).toEqual([])
  })
})
