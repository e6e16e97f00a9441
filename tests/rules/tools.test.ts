/** The type check and the linter are clean, and both would notice. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { read, root } from './kit/files'

const bin = (name: string) => join(root, 'node_modules', '.bin', name)
const run = (program: string, args: string[], cwd = root): Promise<{ code: number; said: string }> =>
  promisify(execFile)(program, args, { cwd, maxBuffer: 20e6, timeout: 160_000 }).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (error) => ({ code: error.code ?? 1, said: `${error.stdout ?? ''}${error.stderr ?? ''}${error.message}` }),
  )

async function inCopy<T>(files: Record<string, string>, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lingxi-tools-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('type check', () => {
  test('tsc finds nothing', { timeout: 170_000 }, async () => {
    // What an earlier build left in .next may speak of pages that are gone: the sources alone are judged.
    const folder = mkdtempSync(join(root, 'node_modules', '.lingxi-tsc-'))
    const project = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { incremental: false, paths: { '@/*': [join(root, '*')] } },
      include: ['ts', 'tsx'].map((ending) => join(root, `**/*.${ending}`)),
      exclude: ['node_modules', '.build', '.next', 'data', 'next-env.d.ts'].map((path) => join(root, path)),
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project))
    try {
      const { code, said } = await run(bin('tsc'), ['--noEmit', '--listFiles', '-p', folder])
      const lines = said.split('\n')
      // Files are told by their whole path, faults by the path from here.
      expect(
        lines
          .filter((line) => !line.startsWith(root))
          .slice(0, 20)
          .join('\n'),
      ).toBe('')
      expect(lines.filter((line) => !line.includes('node_modules')).length).toBeGreaterThan(300)
      expect(code).toBe(0)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('an unknown word and a missing check are type errors', { timeout: 60_000 }, async () => {
    const config = JSON.parse(read('tsconfig.json'))
    const planted = `const list: number[] = []\nexport const first: number = list[0]\nexport const any = (x) => x\n`
    const tsconfig = JSON.stringify({
      compilerOptions: { ...config.compilerOptions, plugins: [], incremental: false },
      include: ['planted.ts'],
    })
    const { code, said } = await inCopy({ 'tsconfig.json': tsconfig, 'planted.ts': planted }, (folder) =>
      run(bin('tsc'), ['--noEmit'], folder),
    )
    expect(code).not.toBe(0)
    expect(said).toMatch(/TS2322/)
    expect(said).toMatch(/TS7006/)
  })
})

describe('linter', () => {
  test('biome finds nothing', { timeout: 60_000 }, async () => {
    const { code, said } = await run(bin('biome'), [
      'ci',
      '--diagnostic-level=warn',
      '--error-on-warnings',
      '--max-diagnostics=20',
    ])
    expect(said).toMatch(/Checked \d{3,} files/)
    expect(code, said.slice(0, 6_000)).toBe(0)
  })

  test('it bites', { timeout: 60_000 }, async () => {
    const config = JSON.parse(read('biome.json'))
    const lone = JSON.stringify({ ...config, root: true, vcs: { enabled: false } })
    const planted = [
      `export * from './other'`,
      `export { z } from 'zod'`,
      `export const url = process.env.SECRET_URL`,
      `export const broad: any = 1`,
      `export default url`,
    ].join('\n')
    const { code, said } = await inCopy({ 'biome.json': lone, 'planted.ts': planted }, (folder) =>
      run(bin('biome'), ['lint', 'planted.ts', '--max-diagnostics=50'], folder),
    )
    expect(code).not.toBe(0)
    for (const rule of ['noReExportAll', 'noProcessEnv', 'noExplicitAny', 'noDefaultExport'])
      expect(said).toContain(rule)
  })
})
