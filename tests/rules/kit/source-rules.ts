/** Rules over the text of single files, each with the files it looks at and a violation that it must find. */
import { isCode, isProductCode, type Source } from './files'

export interface SourceRule {
  name: string
  applies: (path: string) => boolean
  /** What is wrong with a file, one entry each; empty when nothing is. */
  find: (source: Source) => string[]
  /** Must be found: proof that the rule bites. */
  planted: Source
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length

/** Every match of a pattern as "line: text". */
const matches =
  (pattern: RegExp) =>
  ({ text }: Source): string[] =>
    [...text.matchAll(new RegExp(pattern, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`))].map(
      (match) => `line ${lineOf(text, match.index)}: ${match[0].trim().slice(0, 80)}`,
    )

const except =
  (...paths: (string | RegExp)[]) =>
  (path: string): boolean =>
    !paths.some((each) => (typeof each === 'string' ? each === path : each.test(path)))

/** Files that may be longer, each with its reason. Migrations are history: they only ever grow by new files. */
export const mayBeLong: Record<string, string> = {}

const isWritten = (path: string): boolean => (isCode(path) || path.endsWith('.css')) && !path.startsWith('tests/rules/')
const isText = (path: string): boolean =>
  /\.(ts|tsx|mjs|js|json|md|sql|prisma|css|html|ya?ml|toml|sh)$/.test(path) || path.startsWith('.')

export const sourceRules: SourceRule[] = [
  {
    name: 'a file has at most 300 lines',
    applies: (path) => (isCode(path) || path.endsWith('.css')) && !(path in mayBeLong),
    find: ({ text }) => {
      const lines = text.trimEnd().split('\n').length
      return lines > 300 ? [`${lines} lines`] : []
    },
    planted: { path: 'lib/core/planted.ts', text: `/** Long. */\n${'export {}\n'.repeat(300)}` },
  },
  {
    name: 'a file begins with a comment that says what it is for',
    applies: (path) => isProductCode(path) || (path.startsWith('tests/') && isCode(path)),
    find: ({ text }) => {
      const start = text.replace(/^#!.*\n/, '').replace(/^(['"])use (client|server)\1;?\s*/, '')
      const sentence =
        /^\/\*\*\s*([\s\S]*?)\*\//
          .exec(start)?.[1]
          ?.replace(/^\s*\*\s?/gm, '')
          .trim() ?? ''
      return sentence.length >= 15 && /[.:!?]/.test(sentence)
        ? []
        : [`begins with ${JSON.stringify(text.slice(0, 40))}`]
    },
    planted: { path: 'lib/core/planted.ts', text: `import { z } from 'zod'\n/** Too late. */\n` },
  },
  {
    name: 'process.env is read in core/env.ts only',
    applies: (path) =>
      isProductCode(path) &&
      // The launcher runs before anything is installed or built, so it cannot import env.ts; the examples are
      // what a business pastes into its own server.
      except('lib/core/env.ts', 'lib/cli/launch.mjs', /^lib\/cli\/launch\//, /\/sign-examples\.ts$/)(path),
    find: ({ path, text }) =>
      matches(/\bprocess\s*(\.\s*env\b|\[\s*['"`]env['"`]\s*\])/)({
        path,
        text: text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ' ')),
      }),
    planted: { path: 'lib/flows/planted.ts', text: `const url = process.env.DATABASE_URL\n` },
  },
  {
    name: 'no HTML from strings and no code from strings',
    applies: isProductCode,
    find: matches(
      /\b(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write)\b|\beval\s*\(|\bnew Function\s*\(/,
    ),
    planted: { path: 'app/_ui/planted.tsx', text: `element.innerHTML = text\n` },
  },
  {
    name: 'browser tests use a test that hears what the content policy stops',
    applies: (path) => /^tests\/browser\/.*\.test\.ts$/.test(path),
    find: matches(/import \{[^}]*\btest\b[^}]*\} from '@playwright\/test'/),
    planted: { path: 'tests/browser/planted.test.ts', text: `import { expect, test } from '@playwright/test'\n` },
  },
  {
    name: 'tests that share their modules with other files replace none of them',
    applies: (path) => /^tests\/(unit|db)\/.*\.test\.tsx?$/.test(path),
    find: matches(/\bvi\.(mock|doMock)\(/),
    planted: { path: 'tests/db/planted.test.ts', text: `vi.mock('@/lib/platform/db/long')\n` },
  },
  {
    name: 'no default passwords or keys',
    applies: isProductCode,
    find: matches(/\b(password|passwd|secret|apiKey|kek)\b['"]?\s*[:=]\s*(['"`])(?!\$\{)[^'"`\s]{4,}\2/i),
    planted: { path: 'prisma/planted.ts', text: `const admin = { email, password: 'lingxi2026' }\n` },
  },
  {
    name: 'no paths of one machine',
    applies: isText,
    find: matches(/(?<![\w./-])\/((work|home\/\w+|Users\/\w+)\/[\w.-]+|root\/\.)|[A-Z]:\\Users\\/),
    planted: { path: 'lib/core/planted.ts', text: `const folder = '/home/someone/project'\n` },
  },
  {
    name: 'no names of package registries or mirrors',
    applies: (path) => isText(path),
    find: matches(
      /https?:\/\/[\w.-]*(npmjs|yarnpkg|npmmirror|registry|artifactory|nexus|pypi)[\w.-]*|\bregistry\.[a-z]+\.[a-z]+/i,
    ),
    planted: { path: '.npmrc', text: `registry=https://registry.example.org/\n` },
  },
  {
    name: 'nothing unfinished and no switched-off tests',
    applies: (path) => isCode(path),
    find: matches(
      /\b(TODO|FIXME|HACK|XXX)\b|\b(test|it|describe)\.(skip|only|todo|fixme|failing)\b(?!If)|\bnot implemented\b/,
    ),
    planted: { path: 'tests/unit/planted.test.ts', text: `test.skip('later', () => {})\n` },
  },
  {
    name: 'no folders or files that mean nothing',
    applies: (path) => isCode(path),
    find: ({ path }) => (/(^|\/)(utils?|helpers?|common|misc|shared-code)(\/|\.\w+$)/.test(path) ? [path] : []),
    planted: { path: 'lib/utils/planted.ts', text: '/** Anything. */\n' },
  },
  {
    name: 'inAccount and asSystem are the only doors to the database',
    applies: (path) => isProductCode(path) && except(/^lib\/platform\//, /^lib\/cli\/supervisor\//)(path),
    find: matches(
      /\bdatabase\.(app|system|statements)\b|\bnew (pg\.)?(Pool|PrismaClient)\(|set_config\('app\.account_id'/,
    ),
    planted: { path: 'lib/flows/planted.ts', text: `await ctx.services.database.app.message.findMany()\n` },
  },
  {
    name: 'time, chance and ids come from ctx in features and flows',
    // jobs.ts makes the contexts of the worker; a parameter's default is still the caller's choice.
    applies: (path) => /^lib\/(features|flows)\//.test(path) && path !== 'lib/flows/jobs.ts',
    find: matches(/\bDate\.now\(\)|(?<!: Date = )\bnew Date\(\)|\bMath\.random\(\)/),
    planted: { path: 'lib/flows/planted.ts', text: `const at = new Date()\n` },
  },
]

export const applicable = (rule: SourceRule, paths: readonly string[]): string[] =>
  paths.filter((path) => (isWritten(path) || isText(path) || isCode(path)) && rule.applies(path))
