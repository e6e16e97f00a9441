/** The lock file installs anywhere: complete, without addresses, and with versions that are known to be sound. */
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { held } from '../kit/guarantee'
import { read } from './kit/files'
import { floors, floorViolations, reaches, resolvedEntries } from './kit/floors'

const lock = JSON.parse(read('package-lock.json'))
const manifest = JSON.parse(read('package.json'))
const packages = Object.keys(lock.packages).filter((path) => path !== '')

/** `npm ci --dry-run` on a copy, so that the real node_modules is never touched. */
function dryRun(change: (manifest: Record<string, Record<string, string>>) => void = () => {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'lingxi-ci-'))
  try {
    const copy = structuredClone(manifest)
    change(copy)
    writeFileSync(join(folder, 'package.json'), JSON.stringify(copy))
    for (const name of ['package-lock.json', '.npmrc']) copyFileSync(name, join(folder, name))
    const args = ['ci', '--dry-run', '--ignore-scripts', '--no-audit', '--no-fund']
    return execFileSync('npm', args, {
      cwd: folder,
      encoding: 'utf8',
      timeout: 50_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Lock {
  packages: Record<string, { integrity?: string; hasInstallScript?: boolean }>
}

/** Packages that would run something of theirs, without a word of ours whether they may. */
const undecided = (one: Lock, decided: Record<string, boolean>): string[] =>
  Object.entries(one.packages)
    .filter(([, entry]) => entry.hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
    .filter((name) => !(name in decided))

describe('installing', () => {
  test('npm ci accepts the lock file', () => {
    expect(dryRun()).toMatch(/added \d{3,} packages/)
  })
  test('npm ci would refuse a manifest the lock file does not know', () => {
    const drift = (copy: Record<string, Record<string, string>>) => {
      ;(copy.dependencies as Record<string, string>).zod = '3.0.0'
    }
    expect(() => dryRun(drift)).toThrow()
  })

  test('the lock file names no server', () => {
    expect(resolvedEntries(lock)).toEqual([])
    expect(resolvedEntries({ packages: { x: { resolved: 'https://example.org/x.tgz' } } })).toEqual(['x'])
  })

  test('versions reach their floors', () => {
    expect(floorViolations(lock)).toEqual([])
    const old = structuredClone(lock)
    old.packages['node_modules/next-auth'].version = '4.24.9'
    old.packages['node_modules/onnxruntime-node'].version = '1.31.0'
    expect(floorViolations(old)).toHaveLength(2)
    expect(reaches('16.4.10', '16.4.5')).toBe(true)
    held(
      '9 versions',
      `${Object.keys(floors).length} of ${Object.keys(floors).length} at or above their floor; 2 older ones planted, 2 named`,
    )
  })

  test('exact pins are exact in package.json too', () => {
    const wanted: Record<string, string> = { ...manifest.dependencies, ...manifest.devDependencies }
    const loose = Object.entries(floors).filter(([name, { exact, least }]) => exact && wanted[name] !== least)
    expect(loose).toEqual([])
  })

  test('every package whose installation runs a script has been decided on', () => {
    expect(undecided(lock, manifest.allowScripts)).toEqual([])
    const planted = structuredClone(lock)
    planted.packages['node_modules/left-pad'] = { version: '1.0.0', hasInstallScript: true }
    expect(undecided(planted, manifest.allowScripts)).toEqual(['left-pad'])
    // What is allowed without being there would be allowed to whoever takes the name.
    const gone = Object.keys(manifest.allowScripts).filter((name) => !lock.packages[`node_modules/${name}`])
    expect(gone).toEqual([])
    held(
      '9 install scripts',
      `${Object.keys(manifest.allowScripts).length} packages decided on of ${packages.length}, 0 others run something`,
    )
  })

  test('every package is known by the digest of what it holds', () => {
    const loose = (one: Lock) =>
      Object.entries(one.packages).flatMap(([path, entry]) =>
        path === '' || entry.integrity?.startsWith('sha512-') ? [] : [path],
      )
    expect(loose(lock)).toEqual([])
    const planted = structuredClone(lock)
    planted.packages['node_modules/zod'].integrity = 'sha1-x'
    expect(loose(planted)).toEqual(['node_modules/zod'])
    held('9 digests', `${packages.length} of ${packages.length} packages known by their sha512`)
  })

  test("the runtime's own download stays off", () => {
    // npm 11 asks allowScripts; older ones run what the lock file says has a script, which npm would write back when it makes the file anew.
    expect(manifest.allowScripts?.['onnxruntime-node']).toBe(false)
    expect(lock.packages['node_modules/onnxruntime-node']).not.toHaveProperty('hasInstallScript')
  })

  test('npm knows every setting of ours', () => {
    const said = (more = '') => {
      const folder = mkdtempSync(join(tmpdir(), 'lingxi-npmrc-'))
      try {
        writeFileSync(join(folder, 'package.json'), '{}')
        writeFileSync(join(folder, '.npmrc'), `${read('.npmrc')}\n${more}\n`)
        return spawnSync('npm', ['pkg', 'get', 'name'], { cwd: folder, encoding: 'utf8' }).stderr
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
    expect(said()).not.toContain('Unknown project config')
    // Only npm from 11 on says so.
    const [major] = execFileSync('npm', ['--version'], { encoding: 'utf8' }).split('.')
    expect(said('a-setting-of-nobody=1').includes('Unknown project config')).toBe(Number(major) >= 11)
  })
})
